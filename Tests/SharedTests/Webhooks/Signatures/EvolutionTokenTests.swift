import Native
import Testing

@testable import Shared

@Suite("Evolution's JSON web tokens", .onLoop)
@LoopActor struct EvolutionTokenTests {
    nonisolated private static let key = "evolution-secret"
    nonisolated private static let now = WallTime(milliseconds: 1_763_650_000_000)
    nonisolated private static let header = #"{"alg":"HS256","typ":"JWT"}"#
    nonisolated private static let claims = #"{"iat":1763650000,"exp":1763650600,"app":"evolution","action":"webhook"}"#

    /// Signs whatever header and claims it is given.
    private func token(
        _ claims: String = claims, header: String = header, key: String = key, by digest: Digest = .sha256
    ) -> String {
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
        return signed + "." + Base64URL.encode(digest.hmac(key: key, message: Array(signed.utf8)))
    }

    private func proves(_ token: String, keys: [String] = [key], after seconds: Int64 = 0) -> Bool {
        EvolutionToken.proves(
            token, keys: keys.map(Secret.init), now: WallTime(milliseconds: Self.now.milliseconds + seconds * 1000))
    }

    @Test func `a token is what PyJWT 2_15 and Evolution's jsonwebtoken make of the same claims`() {
        let token =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
            + ".eyJpYXQiOjE3NjM2NTAwMDAsImV4cCI6MTc2MzY1MDYwMCwiYXBwIjoiZXZvbHV0aW9uIiwiYWN0aW9uIjoid2ViaG9vayJ9"
            + ".bH_wVvouFRBMjk6GA0JZQzsRRrck1zSQlbl3JeDnPJk"
        #expect(EvolutionToken.sign(key: Self.key, now: Self.now) == token)
        #expect(proves(token))
    }

    @Test func `the token of RFC 7515, appendix A_1, is signed right and is not Evolution's`() throws {
        let key = try #require(
            Base64URL.decode(
                Array("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow".utf8)[
                    ...]))
        let signed =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
            + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        let signature = Base64URL.encode(Digest.sha256.hmac(key: key, message: Array(signed.utf8)))
        #expect(signature == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    }

    @Test func `each key proves during a rotation, another one and none do not`() {
        #expect(proves(token(), keys: ["new", Self.key]))
        #expect(proves(token(), keys: [Self.key, "new"]))
        #expect(!proves(token(), keys: ["new"]))
        #expect(!proves(token(), keys: []))
        #expect(!proves(token(key: ""), keys: [""]))
    }

    @Test(arguments: [
        (0, true), (599, true), (659, true), (660, false), (661, false), (86400, false), (-60, true), (-61, false),
        (-86400, false),
    ])
    func `a token is good from its making to its end, and a minute around`(seconds: Int64, isGood: Bool) {
        #expect(proves(token(), after: seconds) == isGood)
    }

    @Test(arguments: [
        #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":"hs256"}"#, #"{"alg":"HS512"}"#, #"{"alg":"RS256"}"#,
        #"{"alg":""}"#, #"{"alg":null}"#, #"{"alg":["HS256"]}"#, #"{"alg":"HS256 "}"#, #"{"alg":"HS256\u0000"}"#,
        #"{"typ":"JWT"}"#, #"{}"#, #"[]"#, #""HS256""#, #"{"alg":"HS256","alg":"none"}"#,
        #"{"alg":"none","alg":"HS256"}"#, #"{"alg":"HS256","\u0061lg":"HS256"}"#, #"{"alg":"HS256","crit":["exp"]}"#,
        #"{"alg":"HS256","crit":[]}"#, #"{"alg":"HS256","crit":null}"#, #"{"alg":"HS256""#, "",
    ])
    func `another algorithm, an extension, and a header that is none are refused although the signature is right`(
        header: String
    ) { #expect(!proves(token(header: header))) }

    @Test func `a token signed with another algorithm is refused`() {
        #expect(!proves(token(header: #"{"alg":"HS512","typ":"JWT"}"#, by: .sha512)))
        #expect(!proves(token(by: .sha512)))
        #expect(
            !proves(token(header: #"{"alg":"none"}"#).split(separator: ".").dropLast().joined(separator: ".") + "."))
    }

    @Test(arguments: [
        #"{"iat":1763650000,"app":"evolution","action":"webhook"}"#,
        #"{"exp":null,"app":"evolution","action":"webhook"}"#,
        #"{"exp":"1763650600","app":"evolution","action":"webhook"}"#,
        #"{"exp":true,"app":"evolution","action":"webhook"}"#,
        #"{"exp":-1,"app":"evolution","action":"webhook"}"#,
        #"{"exp":1e400,"app":"evolution","action":"webhook"}"#,
        #"{"exp":1763650600,"iat":"1763650000","app":"evolution","action":"webhook"}"#,
        #"{"exp":1763650600,"iat":null,"app":"evolution","action":"webhook"}"#,
        #"{"exp":1763650600,"nbf":1763650061,"app":"evolution","action":"webhook"}"#,
        #"{"exp":1763650600,"app":"other","action":"webhook"}"#,
        #"{"exp":1763650600,"app":"evolution"}"#, #"{"exp":1763650600,"action":"webhook"}"#,
        #"{"exp":1763650600,"app":["evolution"],"action":"webhook"}"#,
        #"{"exp":1763650600,"app":"evolution","app":"evolution","action":"webhook"}"#,
        #"{"exp":1,"exp":1763650600,"app":"evolution","action":"webhook"}"#,
        #"{"exp":1763650600,"exp":1,"app":"evolution","action":"webhook"}"#,
        #"[{"exp":1763650600,"app":"evolution","action":"webhook"}]"#, "null", "",
    ])
    func `claims that are not Evolution's, or have no end, are refused although the signature is right`(
        claims: String
    ) { #expect(!proves(token(claims))) }

    @Test(arguments: [
        #"{"exp":1763650600,"app":"evolution","action":"webhook"}"#,
        #"{"exp":1763650600.5,"iat":1763650000.25,"nbf":1763650060,"app":"evolution","action":"webhook"}"#,
        #"{"exp":18446744073709551615,"app":"evolution","action":"webhook","more":{"x":1}}"#,
    ])
    func `claims that say as much in another way are taken`(claims: String) { #expect(proves(token(claims))) }

    @Test func `only the one spelling of each part is taken`() {
        let good = token(), parts = good.split(separator: ".").map(String.init)
        #expect(proves(good))
        let spellings = [
            good + "=", good + "==", good + "\n", " " + good, good + ".", "." + good, good + "." + parts[2],
            parts[0] + "." + parts[1], parts[0] + "." + parts[1] + ".", parts[0] + ".." + parts[2], "..", "", ".",
            parts[0] + "=." + parts[1] + "." + parts[2], parts[0] + "." + parts[1] + "\t." + parts[2],
            parts[0] + "." + parts[1] + "." + parts[2].replacing("_", with: "/").replacing("-", with: "+") + "A",
            // The last character's lower bits belong to no byte.
            String(good.dropLast()) + (good.last == "k" ? "l" : "k"),
        ]
        for spelling in spellings { #expect(!proves(spelling), "\(spelling.debugDescription)") }
    }

    @Test func `a padded header is refused also when it was signed so`() {
        let signed = Base64.encode(Array(#"{"alg":"HS256"}"#.utf8)) + "=." + Base64URL.encode(Array(Self.claims.utf8))
        let signature = Base64URL.encode(Digest.sha256.hmac(key: Self.key, message: Array(signed.utf8)))
        #expect(!proves(signed + "." + signature))
    }

    @Test func `a huge token is refused, also a signed one`() {
        let padding = String(repeating: "x", count: 4096)
        #expect(!proves(token(#"{"exp":1763650600,"app":"evolution","action":"webhook","x":"\#(padding)"}"#)))
        #expect(!proves(String(repeating: ".", count: 1 << 20)))
        #expect(!proves(String(repeating: "A", count: 1 << 20)))
    }

    @Test func `deep claims are refused`() {
        let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
        #expect(!proves(token(#"{"exp":1763650600,"app":"evolution","action":"webhook","x":\#(deep)}"#)))
    }
}
