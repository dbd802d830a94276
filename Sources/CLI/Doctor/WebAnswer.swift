import Native

/// What came back of one HTTP request.
enum WebAnswer: Equatable, Sendable {
    case reply(status: Int, body: [UInt8], date: WallTime?)
    /// Why nothing came.
    case none(String)

    static func reply(_ status: Int, _ body: String = "") -> WebAnswer {
        .reply(status: status, body: Array(body.utf8), date: nil)
    }

    init(_ response: HTTPClient.Response) {
        self = .reply(
            status: response.status, body: response.body, date: response.header("Date").flatMap(HTTPDate.read))
    }

    init(_ error: HTTPClientError) {
        self =
            switch error {
            case .notSent(let reason), .broken(let reason), .invalidURL(let reason): .none(reason)
            case .refusedAddress(let reason): .none("the address may not be called: \(reason)")
            case .timedOut: .none("no answer in time")
            case .responseTooLarge: .none("the answer is too long to be ours")
            case .cancelled: .none("no answer in time")
            }
    }

    /// nil: nothing came.
    var status: Int? {
        if case .reply(let status, _, _) = self { status } else { nil }
    }

    /// A text of the body's JSON object.
    @LoopActor func field(_ name: StaticString) -> String? { json { $0[name]?.string } ?? nil }

    /// nil when nothing came, or no JSON.
    @LoopActor func json<T>(_ read: (JSONElement) -> T) -> T? {
        guard case .reply(_, let body, _) = self else { return nil }
        return try? JSON.read(body) { read($0) }
    }
}

/// The `Date` of an answer (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`; nil for the two forms that nobody sends any more.
    static func read(_ text: String) -> WallTime? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
            let month = months.firstIndex(of: String(words[2])), (1970...9999).contains(year), (1...31).contains(day)
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3 else { return nil }
        let seconds = days(year, month + 1, day) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
        return WallTime(milliseconds: Int64(seconds) * 1000)
    }

    /// Days from 1970-01-01 to a day of the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        // A year that begins in March ends with the leap day.
        let year = month > 2 ? year : year - 1, shifted = (month + 9) % 12
        return 365 * year + year / 4 - year / 100 + year / 400 + (153 * shifted + 2) / 5 + day - 1 - 719_468
    }
}
