import Native
import Testing

@testable import Shared

@Suite("Signatures over a body")
struct BodySignatureTests {
    private static let escaped =
        #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"messages":[{"id":"wamid.A","#
        + #""from":"15551234567","type":"text","text":{"body":"Ol\u00e1 \ud83d\udc4b"}}]},"field":"messages"}]}]}"#
    private static let raw = escaped.replacing(#"Ol\u00e1 \ud83d\udc4b"#, with: "Olá 👋")

    @Test(arguments: [
        ("test", "secret", Digest.sha256, "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914"),
        (escaped, "app-secret", .sha256, "51cb1de1fd57e287c9e9b6c3d29d3dbc2e55c6f382e490f4d2e82da95f174391"),
        (raw, "app-secret", .sha256, "a82e84fbb891094778dff2cbecd761adb169af9ac51cf0a38403edfccaa4ac4d"),
        (
            #"{"event":"message","session":"default","engine":"WEBJS"}"#, "my-secret-key", .sha512,
            "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8"
                + "097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89"
        ),
    ])
    func `Meta's and WAHA's vectors hold`(body: String, key: String, digest: Digest, signature: String) {
        let body = Array(body.utf8)
        #expect(BodySignature.sign(body, key: key, digest) == signature)
        #expect(BodySignature.proves(signature, body, keys: [Secret(key)], digest))
        #expect(BodySignature.proves(signature.uppercased(), body, keys: [Secret(key)], digest))
    }

    @Test func `the vectors' bodies have the length that their page says`() {
        #expect(Self.escaped.utf8.count == 207)
        #expect(Self.raw.utf8.count == 195)
    }

    @Test func `each key proves during a rotation, and another one does not`() {
        let body = Array("test".utf8)
        let signature = BodySignature.sign(body, key: "secret", .sha256)
        #expect(BodySignature.proves(signature, body, keys: [Secret("new"), Secret("secret")], .sha256))
        #expect(BodySignature.proves(signature, body, keys: [Secret("secret"), Secret("new")], .sha256))
        #expect(!BodySignature.proves(signature, body, keys: [Secret("new"), Secret("newer")], .sha256))
        #expect(!BodySignature.proves(signature, body, keys: [], .sha256))
    }

    @Test func `a key without text proves nothing`() {
        let body = Array("test".utf8)
        let signature = BodySignature.sign(body, key: "", .sha256)
        #expect(!BodySignature.proves(signature, body, keys: [Secret("")], .sha256))
    }

    @Test func `a body that differs in one byte is not proven`() {
        let signature = BodySignature.sign(Array("test".utf8), key: "secret", .sha256)
        #expect(!BodySignature.proves(signature, Array("Test".utf8), keys: [Secret("secret")], .sha256))
        #expect(!BodySignature.proves(signature, [], keys: [Secret("secret")], .sha256))
    }

    @Test(arguments: [
        "", "0", "0329", "sha256=0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914",
        " 0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914",
        "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c091",
        "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c091g",
        "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c091４",
        "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914\0",
        "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c091400",
        String(repeating: "0", count: 1 << 16),
    ])
    func `what is not the signature's hexadecimal text proves nothing`(given: String) {
        #expect(!BodySignature.proves(given, Array("test".utf8), keys: [Secret("secret")], .sha256))
    }

    @Test func `a signature by another hash function proves nothing`() {
        let body = Array("test".utf8)
        let signature = BodySignature.sign(body, key: "secret", .sha256)
        #expect(!BodySignature.proves(signature, body, keys: [Secret("secret")], .sha512))
    }
}
