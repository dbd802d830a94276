import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("What the AI is told of media", .onLoop)
@LoopActor struct PerceivedMessageTests {
    private func message(
        _ kind: MessageKind, _ text: String? = nil, media: [InboundMedia] = [InboundMedia(id: "1")],
        author: String? = nil
    ) throws -> InboundMessage {
        InboundMessage(
            tenant: "b", provider: .twilio, address: try #require(ContactAddress(rawValue: "15550001111@c.us")),
            contactName: nil, author: author.map { InboundAuthor(address: nil, name: $0) }, messageID: "M1", kind: kind,
            text: text, media: media.first, moreMedia: Array(media.dropFirst()), sentAt: WallTime(milliseconds: 0))
    }

    private func turn(_ message: InboundMessage, _ perceptions: PerceivedMessage.Perception...) -> [ChatMessage.Part] {
        PerceivedMessage(message: message, perceptions: perceptions).turn.content
    }

    private let picture = PerceivedMessage.Perception.seen(dataURL: "data:image/png;base64,AA")
    private let part = ChatMessage.Part.image(dataURL: "data:image/png;base64,AA")

    @Test func `a voice message is told by its words`() throws {
        #expect(try turn(message(.audio), .heard("Are you open?")) == [.text("Are you open?")])
        #expect(try turn(message(.audio, author: "Dana"), .heard("Hi")) == [.text("Dana: Hi")])
        #expect(try turn(message(.audio), .unheard) == [.text("[voice message that could not be heard]")])
    }

    @Test func `a picture comes as a part, with its caption`() throws {
        #expect(try turn(message(.image), picture) == [part])
        #expect(try turn(message(.image, "My cat"), picture) == [.text("My cat"), part])
        #expect(try turn(message(.image, author: "Dana"), picture) == [.text("Dana: [image]"), part])
        #expect(
            try turn(message(.image, "My cat"), .unseen) == [.text("My cat\n[picture that could not be seen]")])
    }

    @Test func `several come together`() throws {
        let all = try message(
            .audio, "Look",
            media: [
                InboundMedia(mimeType: "audio/ogg"), InboundMedia(mimeType: "application/pdf"),
                InboundMedia(mimeType: "IMAGE/png"), InboundMedia(),
            ])
        #expect(PerceivedMessage.items(of: all, sees: true).map(\.index) == [0, 2])
        #expect(PerceivedMessage.items(of: all, sees: true).map(\.family) == [.audio, .image])
        #expect(PerceivedMessage.items(of: all, sees: false).map(\.index) == [0])
        #expect(turn(all, .heard("this"), picture) == [.text("Look\nthis"), part])
    }

    @Test(arguments: [MessageKind.sticker, .video, .document, .text, .location])
    func `what is neither voice nor picture is not looked at`(kind: MessageKind) throws {
        #expect(try PerceivedMessage.items(of: message(kind), sees: true).isEmpty)
    }

    @Test func `a picture that the AI does not take is told in words`() throws {
        let image = try message(.image, "My cat")
        #expect(PerceivedMessage.items(of: image, sees: false).isEmpty)
        #expect(PerceivedMessage(message: image, perceptions: []).turn.content == [.text("[image] My cat")])
    }

    @Test func `what was heard is the message's text, for rows and memory`() throws {
        let audio = try message(.audio)
        #expect(audio.body([:]) == nil && audio.rememberedText([:]) == "[audio]")
        let steps = [InboundMessage.heardStep(0): "Are you open?"]
        #expect(audio.body(steps) == "Are you open?" && audio.rememberedText(steps) == "Are you open?")
        let image = try message(.image, "My cat")
        #expect(image.body([:]) == "My cat" && image.rememberedText([:]) == "[image] My cat")
    }
}
