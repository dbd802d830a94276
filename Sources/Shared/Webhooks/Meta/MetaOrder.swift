import Native

/// An order from a catalogue in words, a line for each article: `2 × SKU-1 (10.5 USD)`.
@LoopActor enum MetaOrder {
    /// nil when it tells nothing.
    static func text(_ order: JSONElement?) -> String? {
        let note = order?["text"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let lines = [note].compactMap { $0 } + (order?["product_items"]?.items ?? []).compactMap(line)
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    private static func line(_ item: JSONElement) -> String? {
        guard let article = item["product_retailer_id"]?.string else { return nil }
        let price = [number(item["item_price"]), item["currency"]?.string].compactMap { $0 }.joined(separator: " ")
        return "\(number(item["quantity"]) ?? "1") × \(article)" + (price.isEmpty ? "" : " (\(price))")
    }

    /// Meta writes numbers as numbers or as text.
    private static func number(_ element: JSONElement?) -> String? {
        element?.string ?? element?.int.map(String.init) ?? element?.double.map { "\($0)" }
    }
}
