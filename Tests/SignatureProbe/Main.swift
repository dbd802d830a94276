import Native
import Shared

/// Signs and proves requests of Twilio's for `scripts/compare-twilio`, which asks Twilio's own library the same.
///
/// Reads lines `{"url":…,"token":…,"signature":…,"form":…}`, or `"json"` in place of `"form"`, and answers each with our
/// signature and, after a space, 1 or 0: whether `signature` proves the request.
@main struct Main {
    static func main() {
        LoopActor.loop.spawn {
            while let line = readLine() {
                guard let answer = try? JSON.read(Array(line.utf8), Self.answer) else {
                    fatalError("no request: \(line)")
                }
                print(answer)
            }
            LoopActor.loop.stop()
        }
        LoopActor.loop.run()
    }

    /// nil when the line is no request.
    @LoopActor private static func answer(_ line: JSONElement) -> String? {
        guard let url = line["url"]?.string, let token = line["token"]?.string,
            let signature = line["signature"]?.string
        else { return nil }
        let form = URLEncodedForm(line["form"]?.bytes ?? []).fields
        let isProven = TwilioSignature.proves(
            signature, url: url, form: form, body: line["json"]?.bytes, tokens: [Secret(token)])
        return "\(TwilioSignature.sign(url: url, form: form, token: token)) \(isProven ? 1 : 0)"
    }
}
