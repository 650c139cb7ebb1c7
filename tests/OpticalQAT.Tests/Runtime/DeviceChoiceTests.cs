using System.Globalization;
using NUnit.Framework;
using OpticalQAT.Runtime;

namespace OpticalQAT.Tests.Runtime;

public class DeviceChoiceTests
{
    [TestCase("auto")]
    [TestCase("cpu")]
    [TestCase("cuda")]
    [TestCase("cuda:0")]
    [TestCase("cuda:12")]
    public void The_text_comes_back(string text) =>
        Assert.That(DeviceChoice.Parse(text, CultureInfo.InvariantCulture).ToString(), Is.EqualTo(text));

    [Test]
    public void The_default_value_is_auto() => Assert.That(default(DeviceChoice), Is.EqualTo(DeviceChoice.Auto));

    [TestCase("")]
    [TestCase("gpu")]
    [TestCase("CUDA")]
    [TestCase("cuda:")]
    [TestCase("cuda:-1")]
    [TestCase("cuda: 1")]
    [TestCase("cuda:99999999999")]
    [TestCase("cpu:0")]
    public void Other_texts_are_refused_with_the_choices(string text) =>
        Assert.That(
            () => DeviceChoice.Parse(text, CultureInfo.InvariantCulture),
            Throws.TypeOf<FormatException>().With.Message.EqualTo(
                $"\"{text}\" is no device: write auto, cpu, cuda, or cuda:1 for the second CUDA device."));
}
