import Native
import Shared
import TestSupport
import Testing

@Suite("Ids of outgoing messages")
struct OutboundIDTests {
    @Test func `every id of ours is known as ours, and follows from job, kind and part`() {
        for number in 0..<1000 {
            let id = OutboundID.make(job: "job\(number)", kind: .text, part: number % 3)
            #expect(OutboundID.isOurs(id) && id.count == 22 && id == id.uppercased())
            #expect(id == OutboundID.make(job: "job\(number)", kind: .text, part: number % 3))
        }
    }

    @Test(arguments: [
        // Android, iPhone, WhatsApp Web and Desktop, Baileys of others, Meta, Twilio.
        "AC5CBB4C3B1B7B2F1D0B2E6D1C9F7A10", "3A554E20ECABF3D45BB2", "3EB0C431C26A1916E07E00", "3EB0C431C26A1916E07E",
        "3EB015B6A7698E6BEB009B", "BAE5FAB1846ED6FE", "wamid.HBgL", "SM00000000000000000000000000000001", "", "3EB0",
    ])
    func `an id that another program gave is not ours`(id: String) { #expect(!OutboundID.isOurs(id)) }

    @Test func `of ids in the same form hardly any is taken for ours`() {
        var random = SplitMix(seed: 7)
        let taken = (0..<100_000).count { _ in
            let digits = (0..<18).map { _ in "0123456789ABCDEF".randomElement(using: &random)! }
            return OutboundID.isOurs("3EB0" + String(digits))
        }
        #expect(taken < 10)
    }

    @Test func `a change in a single digit makes it another's`() {
        let id = Array(OutboundID.make(job: "j", kind: .text, part: 0))
        for place in id.indices {
            var other = id
            other[place] = id[place] == "0" ? "1" : "0"
            #expect(!OutboundID.isOurs(String(other)))
        }
    }
}
