/// The last elements of an endless row, each under its number. Numbers begin at 1 and go on after `removeAll`.
struct Ring<Element> {
    private let capacity: Int
    private var elements: [Element] = []
    /// Where the oldest is in `elements`.
    private var start = 0
    /// The number of the newest; 0 before the first.
    private(set) var last = 0

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { elements.count }
    /// The number of the oldest that is kept. One more than `last` when nothing is.
    var first: Int { last - elements.count + 1 }

    /// - Returns: the element that had to go, if one had.
    @discardableResult
    mutating func append(_ element: Element) -> Element? {
        last += 1
        guard elements.count == capacity else {
            elements.append(element)
            return nil
        }
        let gone = elements[start]
        elements[start] = element
        start = (start + 1) % capacity
        return gone
    }

    /// The element of that number, while it is kept.
    subscript(number: Int) -> Element? {
        guard number >= first, number <= last else { return nil }
        return elements[(start + number - first) % elements.count]
    }

    mutating func removeAll() {
        elements.removeAll()
        start = 0
    }
}
