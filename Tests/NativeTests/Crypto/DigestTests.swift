import Native
import Testing

@Suite("Digests")
struct DigestTests {
    @Test(arguments: [
        (Digest.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            .sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
    ])
    func `hashes are those of FIPS 180 for "abc"`(digest: Digest, hex: String) {
        #expect(Hex.encode(digest.hash(Array("abc".utf8))) == hex)
    }

    @Test(arguments: [
        (Digest.sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (.sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ])
    func `keyed hashes are those of RFC 2202 and RFC 4231, case 2`(digest: Digest, hex: String) {
        #expect(Hex.encode(digest.hmac(key: "Jefe", message: Array("what do ya want for nothing?".utf8))) == hex)
    }

    @Test(arguments: Digest.allCases)
    func `keyed hashes take an empty key, an empty message and a key longer than a block`(digest: Digest) {
        #expect(digest.hmac(key: "", message: []).count == digest.byteCount)
        #expect(digest.hmac(key: "", message: []) == digest.hmac(key: "\0", message: []))
        let long = [UInt8](repeating: 7, count: 200)
        #expect(digest.hmac(key: long, message: [1]) == digest.hmac(key: digest.hash(long), message: [1]))
        #expect(digest.hash([]).count == digest.byteCount)
    }

    @Test func `Meta's published vector holds`() {
        let hash = Digest.sha256.hmac(key: "secret", message: Array("test".utf8))
        #expect(Hex.encode(hash) == "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914")
    }

    @Test func `Twilio's published vector holds`() {
        let signed =
            "https://mycompany.com/myapp.php?foo=1&bar=2CallSidCA1234567890ABCDECaller+14158675309"
            + "Digits1234From+14158675309To+18005551212"
        #expect(
            Base64.encode(Digest.sha1.hmac(key: "12345", message: Array(signed.utf8))) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
        )
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ])
    func `Base64 is that of RFC 4648`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
    }

    @Test func `hexadecimal text goes both ways and refuses other text`() {
        #expect(Hex.decode("00ffA0") == [0, 255, 160])
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("zz") == nil)
    }

    @Test func `secrets are compared whole`() {
        #expect(constantTimeEquals("secret", "secret"))
        #expect(!constantTimeEquals("secret", "secres"))
        #expect(!constantTimeEquals("secret", "secret1"))
        #expect(!constantTimeEquals("", "a"))
        #expect(constantTimeEquals("", ""))
    }

    @Test func `random bytes differ`() { #expect(randomBytes(16) != randomBytes(16)) }
}
