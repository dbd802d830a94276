import Native

/// The kinds of content, each read from its own field. Texts are for the AI and for people; nil when nothing is said.
@LoopActor extension BaileysContent {
    /// nil for an empty text.
    init?(_ text: String?, of content: JSONElement? = nil) {
        guard let text, !text.isEmpty else { return nil }
        self.init(kind: .text, text: text, context: content.map(BaileysContext.init(of:)) ?? BaileysContext())
    }

    /// The parts that say something, a line each.
    static func words(_ kind: MessageKind, _ parts: [String?], of content: JSONElement) -> BaileysContent {
        let text = parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "\n")
        return BaileysContent(kind: kind, text: text.isEmpty ? nil : text, context: BaileysContext(of: content))
    }

    static func media(_ kind: MessageKind, _ content: JSONElement) -> BaileysContent {
        var read = words(kind, [content["caption"]?.string], of: content)
        read.media = InboundMedia(
            mimeType: content["mimetype"]?.string, fileName: (content["fileName"] ?? content["title"])?.string)
        return read
    }

    static func place(_ content: JSONElement) -> BaileysContent {
        let place = LocationText.make(
            name: content["name"]?.string, address: content["address"]?.string,
            latitude: content["degreesLatitude"]?.double, longitude: content["degreesLongitude"]?.double)
        return words(.location, [place, (content["caption"] ?? content["comment"])?.string], of: content)
    }

    static func contacts(_ content: JSONElement) -> BaileysContent {
        let names = content["contacts"]?.items.compactMap { $0["displayName"]?.string }.filter { !$0.isEmpty } ?? []
        return words(
            .contact, [names.isEmpty ? content["displayName"]?.string : names.joined(separator: ", ")], of: content)
    }

    // MARK: Choices: what the contact saw is the text, what the program called it is the id

    static func choice(_ content: JSONElement) -> BaileysContent {
        let id =
            (content["selectedButtonId"] ?? content["selectedId"] ?? content["singleSelectReply"]?["selectedRowId"])?
            .string
        let seen = (content["selectedDisplayText"] ?? content["title"])?.string
        var read = words(.text, [seen, content["description"]?.string], of: content)
        read.text = read.text ?? id
        read.choiceID = id
        return read
    }

    /// A reply of a native flow has its fields as JSON text. What is no button's is a form, and its fields are the message.
    static func interactiveReply(_ content: JSONElement) -> BaileysContent {
        let form = content["nativeFlowResponseMessage"]?["paramsJson"]?.string
        var button: (id: String?, title: String?)
        if let form {
            let read = try? JSON.read(Array(form.utf8)) {
                ($0["id"]?.string, ($0["title"] ?? $0["display_text"])?.string)
            }
            button = read ?? (nil, nil)
        }
        let seen = content["body"]?["text"]?.string
        guard let id = button.id else { return words(.text, [seen, form], of: content) }
        var read = words(.text, [seen ?? button.title ?? id], of: content)
        read.choiceID = id
        return read
    }

    // MARK: What is more than text

    static func poll(_ content: JSONElement) -> BaileysContent {
        let options = content["options"]?.items.compactMap { $0["optionName"]?.string }.map { "- " + $0 } ?? []
        return words(.other, ["Poll: \(content["name"]?.string ?? "")"] + options, of: content)
    }

    static func event(_ content: JSONElement) -> BaileysContent {
        let place = content["location"].flatMap { Self.place($0).text }
        let state = content["isCanceled"]?.bool == true ? "Cancelled event" : "Event"
        let name = "\(state): \(content["name"]?.string ?? "")"
        return words(.other, [name, content["description"]?.string, place, content["joinLink"]?.string], of: content)
    }

    static func order(_ content: JSONElement) -> BaileysContent {
        let count = content["itemCount"]?.int.map { ", items: \($0)" } ?? ""
        let title = "Order: \(content["orderTitle"]?.string ?? "")\(count)"
        return words(.other, [title, content["message"]?.string], of: content)
    }

    static func product(_ content: JSONElement) -> BaileysContent {
        let product = content["product"]
        return words(
            .other,
            [
                "Product: \(product?["title"]?.string ?? "")", product?["description"]?.string,
                content["body"]?.string,
            ], of: content)
    }

    static func payment(_ content: JSONElement) -> BaileysContent {
        let note = content["noteMessage"]
        return words(.other, [(note?["extendedTextMessage"]?["text"] ?? note?["conversation"])?.string], of: content)
    }

    static func template(_ content: JSONElement) -> BaileysContent {
        let template = content["hydratedTemplate"] ?? content["hydratedFourRowTemplate"]
        return words(
            .text,
            [
                (template?["hydratedTitleText"])?.string, template?["hydratedContentText"]?.string,
                template?["hydratedFooterText"]?.string,
            ], of: content)
    }
}
