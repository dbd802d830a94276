import Foundation
import Native
import TestSupport
import Testing

@Suite("Bad input", .onLoop, .serialized)
@LoopActor struct BadInputTests {
    static let path = "/webhook/whatsapp/incoming"
    static let json = ("Content-Type", "application/json")
    static let proof = ("X-Internal-Secret", Installation.secret)

    @Test func `each fault of a request gets its stated answer, and the next good one is taken`() async throws {
        var options = Installation.Options()
        options.withScheduler = false
        try await Installation.with(options) { system in
            func status(_ method: String, _ path: String, _ body: String, _ headers: [(String, String)]) async throws
                -> Int
            {
                try await system.call(method, system.api, path, body: body, headers: headers).status
            }
            let empty = #"{"tenantId":"b","payload":{"messages":[]}}"#
            #expect(try await status("POST", Self.path, empty, [Self.json]) == 401)
            #expect(
                try await status("POST", Self.path, "not json", [Self.json, ("X-Internal-Secret", "wrong")]) == 401)
            #expect(try await status("POST", Self.path, "not json", [Self.json, Self.proof]) == 400)
            #expect(try await status("POST", Self.path, "{\"tenantId\":\"b\"}", [Self.json, Self.proof]) == 400)
            #expect(try await status("POST", Self.path, empty, [("Content-Type", "text/plain"), Self.proof]) == 415)
            #expect(try await status("GET", Self.path, "", []) == 405)
            #expect(try await status("POST", "/nowhere", "", []) == 404)
            let large = #"{"tenantId":""# + String(repeating: "x", count: 1 << 20) + "\"}"
            #expect(try await status("POST", Self.path, large, [Self.json, Self.proof]) == 413)
            let longHeader = ("X-Long", String(repeating: "h", count: 17 << 10))
            #expect(try await status("POST", Self.path, empty, [Self.json, Self.proof, longHeader]) == 431)
            #expect(try await status("POST", Self.path, empty, [Self.json, Self.proof]) == 200)
            let wrong = try await system.call("GET", system.api, Self.path)
            #expect(wrong.header("Allow") == "POST")
            let unproven = try await system.call("POST", system.api, Self.path, body: empty, headers: [Self.json])
            #expect(String(decoding: unproven.body, as: UTF8.self) == #"{"error":"unauthorized"}"#)
        }
    }

    @Test func `bombs are refused each by its rule, a proof that stands twice is none, and the API goes on`()
        async throws
    {
        var options = Installation.Options()
        options.withScheduler = false
        try await Installation.with(options) { system in
            func status(_ body: String, _ headers: [(String, String)]) async throws -> Int {
                try await system.call("POST", system.api, Self.path, body: body, headers: headers).status
            }
            func status(at path: String) async throws -> Int {
                try await system.call("POST", system.api, path, headers: [Self.json, Self.proof]).status
            }
            let good = [Self.json, Self.proof]
            let empty = #"{"tenantId":"b","payload":{"messages":[]}}"#
            let mebibyte = 1 << 20
            #expect(try await status(empty, [Self.json, Self.proof, Self.proof]) == 401)
            #expect(try await status(empty, [Self.json, Self.proof, ("x-internal-secret", "another")]) == 401)
            #expect(try await status(empty, [Self.json, Self.json, Self.proof]) == 415)
            #expect(try await status(at: "/" + Self.path) == 404)
            #expect(try await status(at: Self.path + "/") == 404)
            for bomb in ["[", "{\"a\":", "1", "\"", " "] {
                let body = String(repeating: bomb, count: mebibyte / bomb.utf8.count)
                #expect(try await status(body, good) == 400, "a mebibyte of \(bomb)")
            }
            let exact = empty + String(repeating: " ", count: mebibyte - empty.utf8.count)
            #expect(try await status(exact, good) == 200)
            #expect(try await status(exact + " ", good) == 413)
            let rejected = (0..<5000).map { _ in "{}" }.joined(separator: ",")
            #expect(try await status(#"{"tenantId":"b","payload":{"messages":[\#(rejected)]}}"#, good) == 400)
            #expect(try await status(empty, good) == 200)
            let process = try String(contentsOfFile: "/proc/\(system.api.pid)/status", encoding: .utf8)
            let resident = try #require(process.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap { Int($0.1) })
            #expect(resident < 200_000, "\(resident) KB")
        }
    }

    @Test func `the memory that a large body took serves the next one`() async throws {
        var options = Installation.Options()
        options.withScheduler = false
        options.workers = 0
        try await Installation.with(options) { system in
            let values = [String](repeating: "1", count: 500_000).joined(separator: ",")
            let body = #"{"tenantId":"b","payload":{"messages":[]},"values":[\#(values)]}"#
            func post(_ count: Int) async throws {
                for _ in 0..<count {
                    let answer = try await system.call(
                        "POST", system.api, Self.path, body: body, headers: [Self.json, Self.proof])
                    #expect(answer.status == 200)
                }
            }
            try await post(5)
            let before = try Self.pages(of: system.api.pid)
            try await post(10)
            let perBody = (try Self.pages(of: system.api.pid) - before) / 10
            #expect(perBody < 500, "a body of 1 MiB fetched \(perBody) pages")
        }
    }

    /// Pages that the kernel gave a process so far, of 4 KB. The tenth field of proc(5)'s `stat`.
    private static func pages(of pid: Int32) throws -> Int {
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
        return try #require(Int(fields[7]))
    }

    @Test func `a bad configuration is told whole, and ends the process with 78`() async throws {
        for name in ["rejoinder-api", "rejoinder-worker", "rejoinder-scheduler"] {
            let service = try ServiceUnderTest(name, ["API_PORT": "lots", "JOB_ATTEMPTS": "0"])
            #expect(try await service.exit() == .code(78))
            #expect(service.lines.contains { $0.contains("API_PORT=\"lots\"") && $0.contains("example") })
            #expect(service.lines.contains { $0.contains("JOB_ATTEMPTS=\"0\"") })
        }
    }

    @Test func `no secret appears in a log line`() async throws {
        try await Installation.with { system in
            try await system.post("my-private-text", from: "15550001111", id: "S1")
            try await system.delivered(1)
            let lines = [system.api, system.workers[0]].flatMap(\.lines)
            #expect(!lines.contains { $0.contains(Installation.secret) || $0.contains("Bearer") })
            #expect(!lines.contains { $0.contains("15550001111") })
            #expect(!lines.filter { !$0.contains("\"debug\"") }.contains { $0.contains("my-private-text") })
        }
    }
}
