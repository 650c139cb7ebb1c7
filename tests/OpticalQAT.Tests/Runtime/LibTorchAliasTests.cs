using NUnit.Framework;
using OpticalQAT.Runtime;

namespace OpticalQAT.Tests.Runtime;

[Platform("Linux")]
public class LibTorchAliasTests
{
    [Test]
    public void The_copy_has_the_name_that_NET_asks_for()
    {
        var libtorch = File.ReadAllBytes(LibraryLocator.ForApplication().Find("torch")!);
        Assert.That(NameOf(libtorch), Is.EqualTo("libtorch.so"));
        Assert.That(NameOf(LibTorchAlias.Rename(libtorch)), Is.EqualTo("torch_cpu.so"));
    }

    [Test]
    public void Another_library_is_refused() =>
        Assert.That(
            () => LibTorchAlias.Rename(File.ReadAllBytes(LibraryLocator.ForApplication().Find("c10")!)),
            Throws.TypeOf<InvalidDataException>());

    private static string NameOf(byte[] image)
    {
        var dynamic = ElfDynamicSection.Read(image);
        return dynamic.StringAt(image, dynamic.Entries.Single(entry => entry.Tag == ElfTag.OwnName).Value);
    }
}
