using NUnit.Framework;
using OpticalQAT.Configuration;

namespace OpticalQAT.Tests.Configuration;

/// <summary>Everything that a shell would have expanded in a path is expanded, or refused: no folder is ever called '~' or '$HOME'.</summary>
[NonParallelizable]
public class LocalPathTests
{
    private const string Variable = "OPTICALQAT_TEST_PATH";

    private static readonly string Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static ConfigurationResult<Bench> Read(string folder, params string[] overrides) =>
        ConfigurationReader.Read<Bench>($"name: b\nlamp: {{ wavelength: 1 um }}\nfolder: {folder}\n", "bench.yaml", overrides);

    [SetUp]
    public void SetVariable() => Environment.SetEnvironmentVariable(Variable, "/big/disk");

    [TearDown]
    public void ClearVariable() => Environment.SetEnvironmentVariable(Variable, null);

    [TestCase("~/runs", "HOME/runs")]
    [TestCase("~", "HOME")]
    [TestCase("'~'", "HOME")]
    [TestCase("~/", "HOME/")]
    [TestCase("$OPTICALQAT_TEST_PATH/runs", "/big/disk/runs")]
    [TestCase("${OPTICALQAT_TEST_PATH}2/runs", "/big/disk2/runs")]
    [TestCase("a/$OPTICALQAT_TEST_PATH", "a//big/disk")]
    [TestCase("cost$$", "cost$")]
    [TestCase("cost$/x", "cost$/x")]
    [TestCase("$$HOME", "$HOME")]
    [TestCase("a/~/b", "a/~/b")]
    [TestCase("./~bob", "./~bob")]
    public void Is_expanded_and_written_down_so_that_it_is_read_again(string written, string meant)
    {
        meant = meant.Replace("HOME/", Home + "/", StringComparison.Ordinal);
        meant = meant is "HOME" ? Home : meant;
        var bench = Read(written).ValueOrThrow();
        Assert.That(bench.Folder, Is.EqualTo(meant));
        var resolved = ConfigurationWriter.Write(bench, portable: false);
        Assert.That(ConfigurationReader.Read<Bench>(resolved, "config.yaml", []).ValueOrThrow().Folder, Is.EqualTo(meant));
        Assert.That(Read("x", "folder=" + written).ValueOrThrow().Folder, Is.EqualTo(meant), "as an override, which no shell expands");
    }

    [TestCase("~bob/x", "'folder' is wrong: '~bob/x' begins with the home folder of another user, which is not looked up; write the path out, or './~bob' for a folder of that name")]
    [TestCase("$OPTICALQAT_NO_SUCH/x", "'folder' is wrong: '$OPTICALQAT_NO_SUCH/x' needs the environment variable OPTICALQAT_NO_SUCH, which is not set; set it, or write the path out ('$$' is a dollar sign)")]
    [TestCase("a${OPTICALQAT_NO_SUCH}", "'folder' is wrong: 'a${OPTICALQAT_NO_SUCH}' needs the environment variable OPTICALQAT_NO_SUCH, which is not set; set it, or write the path out ('$$' is a dollar sign)")]
    [TestCase("${HOME/x", "'folder' is wrong: in '${HOME/x', '${' must be followed by a name and '}'; write '$$' for a dollar sign")]
    public void Is_refused_where_it_means_nothing(string written, string message)
    {
        Assert.That(Read(written).Errors.Select(e => e.ToString()), Is.EqualTo((string[])["bench.yaml:3:9: " + message]));
        Assert.That(() => LocalPath.Expand(written), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void A_variable_whose_value_begins_with_a_tilde_leads_home_too()
    {
        Environment.SetEnvironmentVariable(Variable, "~/data");
        Assert.That(LocalPath.Expand("$" + Variable), Is.EqualTo(Home + "/data"));
    }

    [TestCase("$x")]
    [TestCase("$$")]
    [TestCase("$$$x${y}${")]
    [TestCase("~/x")]
    [TestCase("a$")]
    public void Every_path_that_is_written_down_is_read_as_the_same_folder(string path) =>
        Assert.That(Path.GetFullPath(LocalPath.Expand(LocalPath.Escape(path))), Is.EqualTo(Path.GetFullPath(path)));
}
