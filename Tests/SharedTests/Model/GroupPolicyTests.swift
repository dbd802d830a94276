import Native
import Shared
import TestSupport
import Testing

@Suite("Group policy", .onLoop)
@LoopActor struct GroupPolicyTests {
    private func message(to address: String, author: InboundAuthor?) throws -> InboundMessage {
        InboundMessage(
            tenant: "b", provider: .baileys, address: try #require(ContactAddress(rawValue: address)),
            contactName: nil, author: author, messageID: "M1", kind: .text, text: "Hi",
            sentAt: WallTime(milliseconds: 0))
    }

    private func addresses(_ jids: [String]) -> [ContactAddress] { jids.compactMap(ContactAddress.init(jid:)) }

    @Test(arguments: [
        (BusinessSettings.Groups?.none, true, false), (.ignore, true, false), (.mention, true, true),
        (.mention, false, false), (.all, false, true),
    ])
    func `a group's message is taken as its business wants it`(
        setting: BusinessSettings.Groups?, isToUs: Bool, isTaken: Bool
    ) throws {
        let author = InboundAuthor(address: ContactAddress(jid: "1555000@s.whatsapp.net"), isToUs: isToUs)
        #expect(GroupPolicy.admits(try message(to: "120363@g.us", author: author), setting) == isTaken)
    }

    @Test func `who has no group is taken whatever is set`() throws {
        #expect(GroupPolicy.admits(try message(to: "1@lid", author: nil), .ignore))
        #expect(GroupPolicy.admits(try message(to: "15550001111@s.whatsapp.net", author: nil), nil))
    }

    @Test(
        arguments: [
            (["15550001111@s.whatsapp.net"], nil, ["15550001111:7@s.whatsapp.net"], true),
            (["15550001111@c.us"], nil, ["15550001111@s.whatsapp.net", "99@lid"], true),
            (["99@lid"], nil, ["15550001111@s.whatsapp.net", "99:7@lid"], true),
            ([], "99@lid", ["99@lid"], true), (["15550002222@s.whatsapp.net"], "98@lid", ["99@lid"], false),
            // The same digits under another server are somebody else.
            (["15550001111@lid"], nil, ["15550001111@s.whatsapp.net"], false), (["99@lid"], nil, [], false),
        ] as [([String], String?, [String], Bool)])
    func `a message is to us when it names us or quotes us`(
        mentioned: [String], quoted: String?, own: [String], isToUs: Bool
    ) {
        #expect(
            GroupPolicy.isToUs(
                mentioned: addresses(mentioned), quotedAuthor: quoted.flatMap(ContactAddress.init(jid:)),
                own: addresses(own)) == isToUs)
    }

    @Test func `a group is its own conversation, also beside a phone`() throws {
        let phone = try #require(ContactAddress(rawValue: "15550001111@s.whatsapp.net"))
        let group = try #require(ContactAddress(rawValue: "120363@g.us"))
        let message = InboundMessage(
            tenant: "b", provider: .baileys, address: group, otherAddresses: [phone], contactName: nil,
            messageID: "M1", kind: .text, text: "Hi", sentAt: WallTime(milliseconds: 0))
        #expect(message.contact == "120363@g.us")
        let reply = OutboundMessage(
            business: Business(id: "b", name: "B"), addresses: [group, phone], text: "Hello", id: "3EB0")
        #expect(reply.phone == nil)
    }

    @Test func `the author survives the way through a job's payload`() throws {
        let original = try message(
            to: "120363@g.us",
            author: InboundAuthor(
                address: ContactAddress(rawValue: "99@lid"),
                otherAddresses: addresses(["15550001111@s.whatsapp.net"]), name: "Dana", isToUs: true))
        var json = JSONWriter()
        original.write(to: &json)
        let copy = try JSON.read(json.bytes) { InboundMessage(payload: $0) }
        #expect(copy == original && copy?.author?.contact == "15550001111")
    }
}
