import Native
import Testing

@testable import Shared

@Suite("Twilio's signatures")
struct TwilioSignatureTests {
    typealias Form = [(name: String, value: String)]

    private static let url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    private static let call: Form = [
        ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"), ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]

    private func proves(
        _ signature: String, _ url: String = url, _ form: Form = call, body: [UInt8]? = nil, token: String = "12345"
    ) -> Bool {
        TwilioSignature.proves(signature, url: url, form: form, body: body, tokens: [Secret(token)])
    }

    @Test(arguments: [
        (url, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:443/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com:80/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ])
    func `the vectors of Twilio's library hold`(url: String, signature: String) {
        #expect(TwilioSignature.sign(url: url, form: Self.call, token: "12345") == signature)
        #expect(proves(signature, url))
    }

    @Test(arguments: [
        // Signed without a port, called with one, and the other way round.
        ("https://mycompany.com:443/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:1234/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (url, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ])
    func `the port may be spelled in any of three ways`(url: String, signature: String) {
        #expect(proves(signature, url))
    }

    @Test(arguments: [
        ("http://mycompany.com/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("https://mycompany.com/myapp.php?foo=1", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com/myapp.php?bar=2&foo=1", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com/myapp.php", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com.evil.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ])
    func `another scheme, host, path or query is not what was signed`(url: String, signature: String) {
        #expect(!proves(signature, url))
    }

    @Test func `a name that stands several times counts with each distinct value, sorted`() {
        let form: Form = [
            ("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234"),
        ]
        #expect(TwilioSignature.sign(url: Self.url, form: form, token: "12345") == "IK+Dwps556ElfBT0I3Rgjkr1wJU=")
        #expect(proves("IK+Dwps556ElfBT0I3Rgjkr1wJU=", Self.url, form.reversed()))
    }

    @Test func `a WhatsApp message's vector holds, UTF-8 included`() {
        let form = URLEncodedForm(
            "SmsMessageSid=SM00000000000000000000000000000001&NumMedia=0&ProfileName=Ana+Souza&MessageType=text"
                + "&SmsSid=SM00000000000000000000000000000001&WaId=5511999990000&SmsStatus=received"
                + "&Body=Ol%C3%A1%21+2%2B2%3D4+%26+ok%3F&To=whatsapp%3A%2B14155238886&NumSegments=1"
                + "&ReferralNumMedia=0&MessageSid=SM00000000000000000000000000000001"
                + "&AccountSid=AC00000000000000000000000000000001&From=whatsapp%3A%2B5511999990000"
                + "&ApiVersion=2010-04-01")
        #expect(proves("Df3GEbd7ADjDFNZHWa5OSV1QtE8=", "https://bot.example.com/webhook/twilio", form.fields))
    }

    /// Computed with twilio 9.13.0 of PyPI, `RequestValidator("12345").compute_signature`: of the URL as it is, and
    /// of the URL with its port.
    static let library: [(url: String, form: Form, plain: String, withPort: String)] = [
        (
            "https://bot.example.com/webhook/twilio/shop", [("Body", "café"), ("ProfileName", "שלום 👋")],
            "w9KuDx4ziMFkOPwaNuSJHgcxHHM=", "H6A9IP7qVGJjm+m6eIF4gNBPprI="
        ),
        (
            "https://bot.example.com/webhook/twilio/shop", [("Body", "cafe\u{301}"), ("Body", "caf\u{e9}")],
            "A7PxL6Gmq6El+hRIbvGD/Eatga4=", "SdOPdEyxxXlY4p+884d7bBOKUW8="
        ),
        (
            "https://bot.example.com/webhook/twilio/shop",
            [("Body", ""), ("Empty", ""), ("Empty", ""), ("NumMedia", "0")], "oHLLgF46Mgu+ywkdjcps4/QkIiY=",
            "P8oSSt0UhDQaGfvt+ZhRDMQFgDE="
        ),
        (
            "https://bot.example.com/webhook/twilio/shop",
            [
                ("b", "2"), ("b", "10"), ("b", "1"), ("b", "10"), ("B", "x"), ("a", "\u{fffd}"), ("a", "\u{10000}"),
            ], "tCB0Gm9PW0KopaRITv1AsUE9jc8=", "ClEzhJOa0CPWRmCWp86XBuWyy1M="
        ),
        (
            "https://[2001:db8::1]/webhook/twilio/shop?x=%20y", [("Body", "hi")], "Wn+Q3elskBw09dJPkpVX+4kIb/Y=",
            "CBUAqaSAQIHQ3VgwXRO6DtNu2k8="
        ),
        (
            "https://user:pa55@bot.example.com/webhook/twilio/shop", [("Body", "hi")], "CiptjfcLW73j7W7nV2wIFaQQCdQ=",
            "SnrEONzXH45mkT+CDxpHQu+czdE="
        ),
        (
            "https://bot.example.com/webhook/twilio/shop", [], "rEUSgpAeIT8BO+iKiEkuvlVL71o=",
            "WcAOsyffAuv2Iwit0SF/2Yg1mJM="
        ),
    ]

    @Test(arguments: library.indices)
    func `Twilio's own library computes the same`(index: Int) {
        let (url, form, plain, withPort) = Self.library[index]
        #expect(TwilioSignature.sign(url: url, form: form, token: "12345") == plain)
        #expect(proves(plain, url, form))
        #expect(proves(withPort, url, form))
        #expect(!proves(plain, url, form + [("Another", "")]))
    }

    @Test(arguments: [
        ("https://[2001:db8::1]:443/x", "https://[2001:db8::1]/x"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]:443/x"),
        ("https://user:443@host:8443/x", "https://user:443@host/x"),
        ("https://user:443@host/x", "https://user:443@host:443/x"),
        ("https://host:/x", "https://host/x"),
        ("HTTPS://host?a=b:1", "HTTPS://host:443?a=b:1"),
        ("https://host/x#rc=5&rp=all", "https://host/x"),
        ("https://host/x?a=1#rc=5&rp=all", "https://host:443/x?a=1"),
    ])
    func `what the request's URL and the signed one may differ in`(called: String, signed: String) {
        #expect(proves(TwilioSignature.sign(url: signed, form: Self.call, token: "12345"), called))
    }

    @Test(arguments: [
        ("https://[2001:db8::1]/x", "https://[2001:db8:/x"), ("https://user:443@host/x", "https://user/x"),
        ("https://host:80x/y", "https://host/y"), ("https://host/x:1", "https://host/x"), ("host/x", "host:443/x"),
        ("https:host", "https:host:443"), ("", "https://host"),
    ])
    func `no more than a port is added or taken away`(called: String, signed: String) {
        #expect(!proves(TwilioSignature.sign(url: signed, form: Self.call, token: "12345"), called))
    }

    // MARK: JSON bodies

    private static let json = Array(#"{"property": "value", "boolean": true}"#.utf8)
    private static let hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

    @Test func `a JSON body is proven by its hash in the signed query`() {
        let url = Self.url + "&bodySHA256=" + Self.hash
        #expect(TwilioSignature.sign(url: url, form: [], token: "12345") == "a9nBmqA0ju/hNViExpshrM61xv4=")
        #expect(proves("a9nBmqA0ju/hNViExpshrM61xv4=", url, [], body: Self.json))
        #expect(!proves("a9nBmqA0ju/hNViExpshrM61xv4=", url, [], body: Self.json + [10]))
        #expect(!proves("a9nBmqA0ju/hNViExpshrM61xv4=", url, [], body: []))
        #expect(!proves("a9nBmqA0ju/hNViExpshrM61xv4=", Self.url, [], body: Self.json))
    }

    @Test(arguments: [
        ("?bodySHA256=\(hash)", true), ("?bodySHA256=\(hash.uppercased())", true),
        ("?a=1&bodySHA256=\(hash)&b=2", true),
        ("", false), ("?", false), ("?bodySHA256=", false), ("?bodySHA256", false), ("?bodysha256=\(hash)", false),
        ("?bodySHA256=\(hash)00", false), ("?bodySHA256=\(hash.dropLast())", false),
        ("?bodySHA256=\(hash)&bodySHA256=\(hash)", false), ("?bodySHA256=00&bodySHA256=\(hash)", false),
        ("#bodySHA256=\(hash)", false), ("/bodySHA256=\(hash)", false),
    ])
    func `the hash of a JSON body is needed once, in either case`(rest: String, isProven: Bool) {
        let url = "https://host/x" + rest
        let signature = TwilioSignature.sign(url: url, form: [], token: "12345")
        #expect(proves(signature, url, [], body: Self.json) == isProven)
    }

    // MARK: Tokens and signatures

    @Test func `each token proves during a rotation, and none does not`() {
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
        func proves(_ tokens: [String]) -> Bool {
            TwilioSignature.proves(
                signature, url: Self.url, form: Self.call, body: nil, tokens: tokens.map(Secret.init))
        }
        #expect(proves(["12345", "54321"]))
        #expect(proves(["54321", "12345"]))
        #expect(!proves(["54321"]))
        #expect(!proves([]))
    }

    @Test func `a token without text proves nothing`() {
        let signature = TwilioSignature.sign(url: Self.url, form: Self.call, token: "")
        #expect(!proves(signature, token: ""))
    }

    @Test(arguments: [
        "", "=", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "RSOYDt4T1cUTdK1PDd93/VVr8B8==", "RSOYDt4T1cUTdK1PDd93/VVr8B9=",
        " RSOYDt4T1cUTdK1PDd93/VVr8B8=", "RSOYDt4T1cUTdK1PDd93/VVr8B8=\n", "RSOYDt4T1cUTdK1PDd93_VVr8B8=",
        "rsoydt4t1cutdk1pdd93/vvr8b8=", "452398",
    ])
    func `what is not exactly the signature proves nothing`(given: String) { #expect(!proves(given)) }
}
