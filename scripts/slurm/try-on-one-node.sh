#!/usr/bin/env bash
# Tries train.sbatch and sweep.sbatch against a real Slurm: starts munged, slurmctld and slurmd for this machine alone,
# on loopback and in a folder of their own, and stops them at the end. For a container or a virtual machine where one
# is root; nothing outside the folder is written, except that --install adds Debian's packages.
#
#   dotnet build -c Release src/OpticalQAT.Cli && scripts/slurm/try-on-one-node.sh [--install]
#
#   1. A job with a time limit of one minute, which it meets at least twice, ends with the same model, byte for byte,
#      as a run that nothing interrupted.
#   2. Of two tasks of an array one is sent back to the queue: it comes back, the other one stays, each has its seed.
#   3. A job that is cancelled saves its state and stays cancelled; requeued by hand, it resumes, and so it does when
#      it is requeued while it runs, as preemption does.
#
# EPOCHS (8), the epochs of each phase of job 1: more of them on a faster machine, so that the limit is met twice.
# MINUTES (25): whatever has not ended by then has failed.
set -euo pipefail
cd "$(dirname "$0")/../.."

epochs=${EPOCHS:-8}
deadline=$((SECONDS + 60 * ${MINUTES:-25}))
port=${PORT:-26817}

[[ $EUID -eq 0 ]] || { echo "The daemons are started as root: run it as root, in a container." >&2; exit 1; }
if [[ ${1:-} == --install ]]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge
fi
for tool in munged slurmctld slurmd sbatch; do
  command -v "$tool" > /dev/null || { echo "$tool is missing; --install installs Debian's packages." >&2; exit 1; }
done

home=$(mktemp -d "${TMPDIR:-/tmp}/slurm-trial.XXXXXX")
chmod 711 "$home" # munged wants its socket to be reachable by all
children=() # the last one started is the first to be stopped

stop() {
  trap '' INT TERM
  local id seconds
  for id in $(squeue --noheader --format=%A 2> /dev/null); do scancel "$id" || true; done
  # A job's step that cannot tell the controller that it ended keeps slurmd from ending.
  for ((seconds = 0; seconds < 60; seconds++)); do
    [[ -n $(squeue --noheader 2> /dev/null) ]] || break
    sleep 1
  done
  for id in "${children[@]}"; do
    kill "$id" 2> /dev/null || true
    wait "$id" 2> /dev/null || true
  done
  echo "Stopped. What the daemons and jobs wrote is in $home"
}
trap stop EXIT

configure() {
  local memory
  memory=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
  mkdir "$home/state" "$home/spool"
  head -c 1024 /dev/urandom > "$home/munge.key"
  chmod 600 "$home/munge.key"
  cat > "$home/slurm.conf" << CONF
ClusterName=trial
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$home/munge.socket
StateSaveLocation=$home/state
SlurmdSpoolDir=$home/spool
SlurmctldPidFile=$home/slurmctld.pid
SlurmdPidFile=$home/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$memory
PartitionName=trial Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  export SLURM_CONF=$home/slurm.conf
}

start() {
  munged --foreground --socket="$home/munge.socket" --key-file="$home/munge.key" --pid-file="$home/munged.pid" \
    --log-file="$home/munged.log" --seed-file="$home/munged.seed" > "$home/munged.out" 2>&1 &
  children=($!)
  wait_until "munged answers" test -S "$home/munge.socket"
  slurmctld -D > "$home/slurmctld.log" 2>&1 &
  children=($! "${children[@]}")
  slurmd -D -N "$(hostname -s)" > "$home/slurmd.log" 2>&1 &
  children=($! "${children[@]}")
  wait_until "the node is idle" node_is idle
}

wait_until() { # WHAT COMMAND...
  local what=$1
  shift
  until "$@"; do
    ((SECONDS < deadline)) || { echo "FAILED: out of time waiting until $what" >&2; tail -n 5 "$home"/*.log >&2; exit 1; }
    sleep 1
  done
}

node_is() { [[ $(sinfo --noheader --format=%t 2> /dev/null) == "$1" ]]; }
field() { scontrol --oneliner show job "$1" | tr ' ' '\n' | sed -n "s/^$2=//p"; } # JOB NAME
is_in_state() { [[ $(field "$1" JobState) == "$2" ]]; }
# Slurm lets a requeued job wait for two minutes; the trial does not.
hurry() { if [[ $(field "$1" Reason) == BeginTime ]]; then scontrol update "JobId=$1" StartTime=now; fi; }
has_ended() {
  hurry "$1"
  [[ $(field "$1" JobState) =~ ^(COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL|OUT_OF_MEMORY)$ ]]
}
has_resumed() { # JOB START
  hurry "$1"
  has_said "$1" "start $2: train --resume"
}
has_said() { grep -qs -- "$2" "$home/$1.out"; } # JOB TEXT

check() { # WHAT COMMAND...
  local what=$1
  shift
  if "$@"; then echo "ok: $what"; else echo "FAILED: $what" >&2; exit 1; fi
}

submit() { # JOB-SCRIPT and OPTIONS... -> job id
  sbatch --parsable --cpus-per-task=1 --mem=2G "$@"
}

configure
start
export OPTICALQAT=${OPTICALQAT:-$PWD/src/OpticalQAT.Cli/bin/Release/net10.0/OpticalQAT.Cli} OPTICALQAT_RUNS=$home/runs
small=(task.dataset.train_count=640 task.dataset.test_count=200 task.dataset.validation_count=200
  training.full_precision.epochs=2 training.quantized.epochs=2)

echo "--- 1. the time limit"
long=(configs/quickstart.yaml "training.full_precision.epochs=$epochs" "training.quantized.epochs=$epochs")
job=$(submit --time=1 --signal=B:USR1@10 --output="$home/%j.out" scripts/slurm/train.sbatch "${long[@]}")
OMP_NUM_THREADS=1 "$OPTICALQAT" train "${long[@]}" output.folder="$home/whole" > "$home/whole.out" 2>&1 &
whole=$!
children=("$whole" "${children[@]}")
wait_until "job $job ends" has_ended "$job"
wait "$whole"
grep -E '^[0-9-]{10} |^Resum|^Interr|slurmstepd' "$home/$job.out"
check "the job is completed" is_in_state "$job" COMPLETED
check "it met its time limit twice or more: $(field "$job" Restarts) times" test "$(field "$job" Restarts)" -ge 2
check "the model is the uninterrupted run's, byte for byte" cmp "$home"/whole/*/*/model.safetensors "$home/runs/slurm-$job"/*/*/model.safetensors
sha256sum "$home"/whole/*/*/model.safetensors "$home/runs/slurm-$job"/*/*/model.safetensors
check "no epoch is missing or there twice" \
  test "$(wc -l < "$(echo "$home"/whole/*/*/metrics.jsonl)")" -eq "$(wc -l < "$(echo "$home/runs/slurm-$job"/*/*/metrics.jsonl)")"

echo "--- 2. an array"
array=$(submit --array=1-2 --output="$home/%A_%a.out" scripts/slurm/sweep.sbatch "${long[@]}" "${small[@]}")
wait_until "a task trains" has_said "${array}_2" "epoch 1"
scancel --batch --signal=USR1 "${array}_2"
for task in 1 2; do wait_until "task $task ends" has_ended "${array}_$task"; done
grep -hE '^[0-9-]{10} |^Resum|^Interr' "$home/${array}"_[12].out
check "the task that was signalled came back once" test "$(field "${array}_2" Restarts)" -eq 1
check "the other one did not" test "$(field "${array}_1" Restarts)" -eq 0
check "each has its seed" grep -q '^seed: 2$' "$home/runs/slurm-${array}_2"/*/*/config.yaml
check "both are finished" test -s "$(echo "$home/runs/slurm-${array}_1"/*/*/summary.json)" -a -s "$(echo "$home/runs/slurm-${array}_2"/*/*/summary.json)"

echo "--- 3. scancel"
job=$(submit --output="$home/%j.out" scripts/slurm/train.sbatch "${long[@]}")
wait_until "it trains" has_said "$job" "epoch 1"
scancel "$job"
wait_until "the program has saved" has_said "$job" "ended with exit code 143"
wait_until "the node is idle" node_is idle
check "it stays cancelled" is_in_state "$job" CANCELLED
check "and not requeued" test "$(field "$job" Restarts)" -eq 0
scontrol requeue "$job"
wait_until "it resumes" has_resumed "$job" 2
scontrol requeue "$job"
wait_until "it resumes" has_resumed "$job" 3
check "whoever preempts it sends it back once, not twice" test "$(field "$job" Restarts)" -eq 2
grep -E '^[0-9-]{10} |^Resum|^Interr' "$home/$job.out"
echo "All as it should be."
