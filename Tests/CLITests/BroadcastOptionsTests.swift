import Shared
import Testing

@testable import CLI

@Suite("rejoinder broadcast")
struct BroadcastOptionsTests {
    private func fault(_ line: String) -> String {
        do throws(UsageError) {
            let options = try BroadcastOptions(line.split(separator: " ").map(String.init))
            return "\(options)"
        } catch { return error.description }
    }

    @Test func `all that create takes`() throws {
        let words = [
            "create", "News", "--business", "shop", "--text", "Hi there", "--contacts", "-", "--at",
            "2027-01-01T09:00Z",
            "--provider", "twilio", "--yes", "--json",
        ]
        let options = try BroadcastOptions(words)
        #expect(
            options.action
                == .create(
                    .init(
                        name: "News", text: .text("Hi there"), recipients: .file("-"), provider: .twilio,
                        start: TimeArgument("2027-01-01T09:00Z"), isConfirmed: true), business: "shop"))
        #expect(options.isJSON)
        #expect(
            try BroadcastOptions(["create", "N", "--business", "shop", "--text-file", "t", "--everybody"]).action
                == .create(
                    .init(name: "N", text: .file("t"), recipients: .everybody, isConfirmed: false), business: "shop"))
    }

    @Test func `list, show and cancel`() throws {
        #expect(try BroadcastOptions(["list"]).action == .list(business: nil, limit: 100))
        #expect(
            try BroadcastOptions(["list", "--business", "b", "--limit", "3"]).action == .list(business: "b", limit: 3))
        #expect(try BroadcastOptions(["show", "7", "--business", "b"]).action == .show(7, business: "b"))
        #expect(try BroadcastOptions(["cancel", "7", "--business", "b"]).action == .cancel(7, business: "b"))
    }

    @Test(arguments: [
        ("", "create, list, show or cancel"), ("send", "create, list, show or cancel"), ("show 7", "needs --business"),
        ("show x --business b", "a broadcast has a number"), ("cancel --business b", "needs the number"),
        ("create N --business b --everybody", "--text TEXT or"),
        ("create N --business b --text t", "--contacts FILE or"),
        ("create N --business b --text t --contacts f --everybody", "--contacts FILE or"),
        ("create --business b --text t --everybody", "needs a name"),
        ("create N --business b --text t --everybody --provider fax", "no provider"),
        ("create N --business b --text t --everybody --at 2h", "a time to come"),
        ("list --yes", "unknown option"),
    ])
    func `what is wrong is said`(line: String, part: String) {
        let text = fault(line)
        #expect(text.contains(part), "\(text)")
    }

    @Test func `contacts are read as people keep them`() throws {
        let list = try ContactList(
            """
            # my contacts
            +1 (555) 000-1111, Dana
            15550001111;again

            \u{A0}972 50.123.4567\tNoa
            123456@lid
            5511999990000:12@s.whatsapp.net\r
            """)
        #expect(list.contacts == ["15550001111", "972501234567", "123456@lid", "5511999990000"])
    }

    @Test(arguments: [("name,phone\n15550001111", 1), ("15550001111\n\n123", 3), ("1@g.us", 1), ("15550001111\nx@", 2)])
    func `the first line that is no contact is named by its number`(text: String, line: Int) {
        #expect {
            _ = try ContactList(text)
        } throws: { error in
            (error as? OperateFailure)?.description.hasPrefix("line \(line) of the contacts is not") == true
        }
    }
}
