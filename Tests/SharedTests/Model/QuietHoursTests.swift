import FoundationEssentials
import Shared
import Testing

@Suite("Quiet hours and a broadcast's pace")
struct QuietHoursTests {
    @Test(arguments: [
        ("22:00-07:00", 22 * 60, 9 * 60), ("22:00-07:00", 23 * 60 + 59, 7 * 60 + 1), ("22:00-07:00", 0, 7 * 60),
        ("22:00-07:00", 6 * 60 + 59, 1), ("13:00-14:30", 13 * 60, 90), (" 0:00 - 23:59 ", 0, 1439),
    ])
    func `it is quiet until the end`(text: String, minute: Int, left: Int) {
        #expect(QuietHours(text)?.left(at: minute) == .seconds(60 * left))
    }

    @Test(arguments: [
        ("22:00-07:00", 7 * 60), ("22:00-07:00", 21 * 60 + 59), ("13:00-14:30", 14 * 60 + 30), ("00:00-23:59", 1439),
    ])
    func `outside of them it is not`(text: String, minute: Int) throws {
        let hours = try #require(QuietHours(text))
        #expect(hours.left(at: minute) == nil)
    }

    @Test(arguments: [
        "", "22", "22-7", "22:00", "22:00-22:00", "24:00-07:00", "22:60-07:00", "22:0-07:00", "+2:00-07:00",
        "22:00-07:00-08:00", "a:00-07:00",
    ])
    func `anything else is no quiet hours`(text: String) { #expect(QuietHours(text) == nil) }

    @Test func `a setting that makes no sense is passed over and told`() throws {
        func settings(_ hours: String) throws -> BusinessSettings {
            try JSONDecoder().decode(BusinessSettings.self, from: Data(#"{"quiet_hours":\#(hours)}"#.utf8))
        }
        let good = try settings(#""22:00-7:00""#)
        #expect(good.quietHours == QuietHours("22:00-07:00") && good.problems.isEmpty)
        #expect(String(decoding: try JSONEncoder().encode(good), as: UTF8.self).contains("22:00-07:00"))
        for wrong in [#""at night""#, "7", "{}"] {
            let read = try settings(wrong)
            #expect(read.quietHours == nil && read.problems == ["quiet_hours"])
        }
        #expect(try settings(#""""#).problems == [])
    }

    @Test(arguments: [1, 5, 6, 7, 59, 60, 6000])
    func `over any minute as many texts begin as asked for`(pace: Int) {
        for first in [0, 1, 5, 1_763_650_003] {
            let counts = (first..<first + 6).map { BroadcastPace.count(perMinute: pace, tick: $0) }
            #expect(counts.reduce(0, +) == pace)
            #expect(counts.allSatisfy { $0 == pace / 6 || $0 == pace / 6 + 1 })
        }
    }

    @Test func `a pace out of range is taken into it`() {
        #expect((0..<6).map { BroadcastPace.count(perMinute: 0, tick: $0) }.reduce(0, +) == 1)
        #expect(BroadcastPace.count(perMinute: .max, tick: 3) == 1000)
    }
}
