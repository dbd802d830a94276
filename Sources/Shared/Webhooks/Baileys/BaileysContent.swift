import Native

/// What a Baileys message says, out of the wrappers it may come in.
struct BaileysContent: Equatable, Sendable {
    var kind: MessageKind
    /// nil where there is none; never empty.
    var text: String?
    /// Without its id.
    var media: InboundMedia?
    var choiceID: String?
    var context = BaileysContext()
}

extension BaileysContent {
    enum Reading: Equatable, Sendable {
        case content(BaileysContent)
        case ignored(IgnoreReason)
    }

    /// Wrappers around wrappers that are read. Real ones nest three deep at most; Baileys itself looks at five.
    private static let deepest = 8

    /// The first field that says something is the message: keys, settings and secrets travel beside it.
    @LoopActor static func read(_ message: JSONElement, depth: Int = 0) -> Reading {
        var reason: IgnoreReason?, isUnheardOf = false
        for (name, value) in message.fields where !value.isNull {
            switch BaileysField(name) {
            case .wrapper:
                guard let inner = value["message"] else { continue }
                guard depth < deepest else { return .ignored(.technical) }
                switch read(inner, depth: depth + 1) {
                case .content(let content): return .content(content)
                case .ignored(let inner): reason = reason ?? inner
                }
            case .content(let read):
                // An empty text is no message, but the one beside it may be.
                guard let content = read(value) else { continue }
                return .content(content)
            case .ignored(let why): reason = reason ?? why
            case .change: reason = reason ?? BaileysField.reason(ofChange: value)
            case .beside: continue
            case .unheardOf: isUnheardOf = true
            }
        }
        if let reason { return .ignored(reason) }
        return isUnheardOf ? .content(BaileysContent(kind: .other)) : .ignored(.technical)
    }
}
