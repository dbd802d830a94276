import Testing

@testable import Native

@Suite("Postgres values")
struct PostgresValueTests {
    enum Kind { case unavailable, timedOut, conflict, retryable, rejected }

    @Test(arguments: [
        ("23505", Kind.conflict), ("23P01", .conflict),
        ("57014", .timedOut),
        ("40001", .retryable), ("40P01", .retryable), ("55P03", .retryable), ("55006", .retryable),
        ("57P01", .retryable), ("57P02", .retryable), ("57P03", .retryable), ("57P05", .retryable),
        ("25P03", .retryable), ("25006", .retryable), ("58030", .retryable),
        ("53000", .retryable), ("53100", .retryable), ("53200", .retryable), ("53300", .retryable),
        ("08000", .unavailable), ("08006", .unavailable), ("08P01", .unavailable), ("40003", .unavailable),
        ("23502", .rejected), ("23503", .rejected), ("23514", .rejected), ("22001", .rejected), ("22021", .rejected),
        ("22P02", .rejected), ("42601", .rejected), ("42P01", .rejected), ("42501", .rejected), ("25P02", .rejected),
        ("26000", .rejected), ("0A000", .rejected), ("28P01", .rejected), ("3D000", .rejected), ("P0001", .rejected),
        ("40002", .rejected), ("XX000", .rejected), ("", .rejected),
    ])
    func `an SQLSTATE is sorted by what to do about it`(state: String, kind: Kind) {
        let found: Kind =
            switch PostgresError(sqlState: state, message: "m") {
            case .unavailable: .unavailable
            case .timedOut, .cancelled: .timedOut
            case .conflict: .conflict
            case .retryable: .retryable
            case .rejected: .rejected
            }
        #expect(found == kind)
    }

    @Test(arguments: [
        (0, "1970-01-01 00:00:00.000+00"), (1_763_650_000_123, "2025-11-20 14:46:40.123+00"),
        (951_827_696_007, "2000-02-29 12:34:56.007+00"), (-1, "1969-12-31 23:59:59.999+00"),
        (253_402_300_799_999, "9999-12-31 23:59:59.999+00"), (-62_135_596_800_000, "0001-01-01 00:00:00.000+00"),
    ])
    func `times are written and read as Postgres writes them`(milliseconds: Int64, text: String) {
        #expect(PostgresTime.text(WallTime(milliseconds: milliseconds)) == text)
        #expect(PostgresTime.parse(text.utf8) == WallTime(milliseconds: milliseconds))
    }

    @Test(
        arguments: [
            ("2026-11-20 17:57:45+00", 1_795_197_465_000), ("2026-11-20 17:57:45.1+00", 1_795_197_465_100),
            ("2026-11-20 17:57:45.123456+00", 1_795_197_465_123), ("infinity", nil), ("0044-03-15 00:00:00+00 BC", nil),
            ("2026-11-20 17:57:45+02", nil), ("", nil), ("2026-11-20 1a:57:45+00", nil),
        ] as [(String, Int64?)])
    func `a time in another form is none`(text: String, milliseconds: Int64?) {
        #expect(PostgresTime.parse(text.utf8)?.milliseconds == milliseconds)
    }

    @Test(
        arguments: [
            ("{}", []), ("{a,b}", ["a", "b"]), ("{\"a,\\\"b\\\\\",NULL,\"NULL\"}", ["a,\"b\\", nil, "NULL"]),
            ("{", nil), ("", nil), ("{a", nil), ("{a}b", nil), ("{,}", nil), ("{\"a}", nil), ("{{1},{2}}", nil),
            ("{}}", nil),
        ] as [(String, [String?]?)])
    func `arrays are read as Postgres writes them`(text: String, elements: [String?]?) {
        #expect(PostgresArray.parse(text.utf8) == elements)
    }

    @Test func `an address describes itself without its password`() throws {
        let address = try PostgresAddress("postgres://rej:s3cret@db1,db2:5433/app?sslmode=require&connect_timeout=7")
        #expect(
            address.description == "postgres://rej:•••@db1:,db2:5433/app" || !address.description.contains("s3cret"))
        #expect(address.connectTimeout == .seconds(7))
        #expect(address.endpoints.map(\.host) == ["db1", "db2"])
        #expect(address.settings["sslmode"] == "require")
    }

    @Test func `a key-value connection string is an address too`() throws {
        let address = try PostgresAddress("host=/run/pg port=5444 dbname=app user=u password='p w'")
        #expect(address.endpoints == [.init(host: "/run/pg", address: nil, port: "5444")])
        #expect(!address.endpoints[0].needsLookup)
        #expect(!address.description.contains("p w"))
    }

    @Test(arguments: [
        "postgres://u:hunter2%@h/d", "postgres://u:hunter2@h:1,2:3/d?nonsense=1", "hunter2",
        "postgres://u:hunter2@h:1,i:2,j/d?port=1,2",
    ])
    func `a faulty URL is refused without repeating it`(url: String) {
        let problem = PostgresAddress.problem(in: url)
        #expect(problem != nil)
        #expect(problem?.contains("hunter2") != true)
    }

    @Test func `the wait before the next attempt doubles, is bounded and spread`() {
        var options = PostgresOptions()
        options.random = { 0.999_999 }
        #expect(options.delay(afterFailures: 1) <= .milliseconds(50))
        #expect(options.delay(afterFailures: 3) > .milliseconds(190))
        #expect(options.delay(afterFailures: 1000) <= .seconds(2))
        options.random = { 0 }
        #expect(options.delay(afterFailures: 1) == .milliseconds(25))
    }
}
