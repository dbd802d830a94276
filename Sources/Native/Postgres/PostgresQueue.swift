/// First in, first out, with removal at the front in constant time.
struct PostgresQueue<Element> {
    private var elements: [Element] = []
    private var head = 0
    /// How many were ever taken out.
    private(set) var taken = 0

    var isEmpty: Bool { head == elements.count }
    var first: Element? { isEmpty ? nil : elements[head] }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func removeFirst() {
        head += 1
        taken += 1
        // Half of it or more is used up: move the rest, which costs less than what was taken out did.
        if head * 2 >= elements.count {
            elements.removeSubrange(0..<head)
            head = 0
        }
    }
}
