import Native
import Shared

/// A message with what its voice and pictures turned out to be.
struct PerceivedMessage: Equatable, Sendable {
    /// What became of one voice message or picture.
    enum Perception: Equatable, Sendable {
        case heard(String)
        case unheard
        case seen(dataURL: String)
        case unseen
    }

    /// One voice message or picture that the AI is to be told of.
    struct Item: Equatable, Sendable {
        /// Among all that came with a job's messages, from 0.
        let index: Int
        let media: InboundMedia
        let family: MediaType.Family
    }

    let message: InboundMessage
    /// Of the items, in their order.
    let perceptions: [Perception]

    /// What of the message is to be listened to or looked at. The first one is what the message as a whole is; of those
    /// beside it the type tells.
    ///
    /// - Parameters:
    ///   - sees: whether the AI takes pictures.
    ///   - first: the place of the first one among all that came with a job's messages.
    static func items(of message: InboundMessage, sees: Bool, from first: Int = 0) -> [Item] {
        guard let media = message.media else { return [] }
        return ([media] + message.moreMedia).enumerated().compactMap { index, media in
            let family: MediaType.Family? =
                switch index == 0 ? message.kind : kind(of: media) {
                case .image: sees ? .image : nil
                case .audio: .audio
                default: nil
                }
            return family.map { Item(index: first + index, media: media, family: $0) }
        }
    }

    private static func kind(of media: InboundMedia) -> MessageKind {
        let type = media.mimeType?.lowercased() ?? ""
        return type.hasPrefix("image/") ? .image : type.hasPrefix("audio/") ? .audio : .other
    }

    /// The turn that the AI is told.
    var turn: ChatMessage {
        guard !perceptions.isEmpty else { return ChatMessage(role: .user, text: message.textForAI) }
        var words = [message.text].compactMap { $0 }, pictures: [ChatMessage.Part] = []
        for perception in perceptions {
            switch perception {
            case .heard(let text): words.append(text)
            case .unheard: words.append("[voice message that could not be heard]")
            case .seen(let url): pictures.append(.image(dataURL: url))
            case .unseen: words.append("[picture that could not be seen]")
            }
        }
        let author = message.authorForAI
        if words.isEmpty, author == nil { return ChatMessage(role: .user, content: pictures) }
        let text =
            words.isEmpty
            ? SpokenText.make(message.kind, nil, author: author)
            : SpokenText.make(.text, words.joined(separator: "\n"), author: author)
        return ChatMessage(role: .user, content: [.text(text)] + pictures)
    }
}

extension InboundMessage {
    /// The recorded step that holds what was heard in what came at that place with a job's messages.
    static func heardStep(_ index: Int) -> String { "heard.\(index)" }

    /// The message's text, and behind it, a line each, what was heard in it; nil where there is neither.
    ///
    /// - Parameters:
    ///   - steps: of its job.
    ///   - first: the place of the first thing that came with it.
    func body(_ steps: [String: String], from first: Int = 0) -> String? {
        let heard = (first..<(first + 1 + moreMedia.count)).compactMap { steps[Self.heardStep($0)] }
        let lines = [text].compactMap { $0 } + heard
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// What the conversation remembers of the message.
    ///
    /// - Parameters:
    ///   - steps: of its job.
    ///   - first: the place of the first thing that came with it.
    func rememberedText(_ steps: [String: String], from first: Int = 0) -> String {
        SpokenText.make(kind, body(steps, from: first), author: authorForAI)
    }
}
