// Verify a Forecourt license file, as docs/licenses.md says.
//
//     dotnet run Verify.cs -- LICENSE KEYS PRODUCT SEEN
//
// LICENSE is the file; KEYS a folder with the vendor's public keys, each as <kid>.pem; PRODUCT this
// product's slug; SEEN a file that keeps the latest time. Needs the package NSec.Cryptography; run
// like this, .NET 10 fetches it. (In a project: dotnet add package NSec.Cryptography, and without the
// next line.)
#:package NSec.Cryptography@26.4.0

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NSec.Cryptography;

try
{
    Console.WriteLine(Verify(args[0], args[1], args[2], args[3]));
    return 0;
}
catch (Exception problem) // whatever it is, there is no license
{
    Console.Error.WriteLine($"not valid: {problem.Message}");
    return 1;
}

static string Verify(string file, string keys, string product, string seen)
{
    var said = Signed(new UTF8Encoding(false, true).GetString(File.ReadAllBytes(file)), keys);
    string Text(string name) => said.GetProperty(name).GetString()!;
    Require(Text("product") == product, "this license is for another product");
    var grace = said.GetProperty("grace").GetInt32();
    Require(grace is >= 0 and <= 90, "unknown format");

    var now = Latest(seen, When(Text("issued")));
    var end = When(Text("expires"));
    if (said.GetProperty("license_ends").ValueKind != JsonValueKind.Null && When(Text("license_ends")) < end)
        end = When(Text("license_ends"));
    Require(now >= When(Text("license_starts")), "the license has not started");
    Require(now < end.AddDays(grace), "the license file has ended");
    return now < end ? $"valid until {Written(end)}" : $"in grace until {Written(end.AddDays(grace))}";
}

// What the file says, if the vendor signed exactly that.
static JsonElement Signed(string text, string keys)
{
    const string lines = "((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/=]{1,64}\n)";
    string Block(string name) =>
        $"-----BEGIN FORECOURT {name}-----\n{lines}-----END FORECOURT {name}-----\n";
    var found = Regex.Match(
        text.Replace("\r\n", "\n"), $@"\A{Block("LICENSE")}{Block("SIGNATURE")}\z");
    Require(found.Success, "this is not a license file");
    var payload = Convert.FromBase64String(found.Groups[1].Value.Replace("\n", ""));
    var signature = Convert.FromBase64String(found.Groups[2].Value.Replace("\n", ""));

    var said = JsonDocument.Parse(payload).RootElement;
    var names = string.Join(" ", said.EnumerateObject().Select(member => member.Name));
    Require(
        names == "expires fingerprint format grace issued kid license license_ends license_starts"
            + " organization organization_id plan product seats",
        "unknown format");
    Require(said.GetProperty("format").GetString() == "forecourt-license/1", "unknown format");
    var kid = said.GetProperty("kid").GetString()!;
    Require(Regex.IsMatch(kid, @"\A[A-Za-z0-9_-]{43}\z"), "unknown format");
    var path = Path.Combine(keys, kid + ".pem");
    Require(File.Exists(path), "signed with a key that this product does not know");
    var key = PublicKey.Import(
        SignatureAlgorithm.Ed25519, File.ReadAllBytes(path), KeyBlobFormat.PkixPublicKeyText);
    Require(
        SignatureAlgorithm.Ed25519.Verify(key, payload, signature), "the signature is not right");
    return said;
}

// Now; if the clock was set back, the latest time that was seen.
static DateTime Latest(string seen, DateTime issued)
{
    var now = DateTime.UtcNow > issued ? DateTime.UtcNow : issued;
    if (File.Exists(seen) && When(File.ReadAllText(seen).Trim()) is var kept && kept > now)
        now = kept;
    File.WriteAllText(seen, Written(now) + "\n");
    return now;
}

// A time as the file writes it.
static DateTime When(string text) =>
    DateTime.ParseExact(
        text,
        "yyyy-MM-dd'T'HH:mm:ss'Z'",
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

static string Written(DateTime time) =>
    time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

static void Require(bool isSo, string otherwise)
{
    if (!isSo)
        throw new InvalidDataException(otherwise);
}
