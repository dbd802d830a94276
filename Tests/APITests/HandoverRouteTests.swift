import Native
import Shared
import TestSupport
import Testing

@testable import API

@Suite("Hand-over by the admin API", .onLoop)
@LoopActor struct HandoverRouteTests {
    @LoopActor private struct Fixture {
        let port: Int
        let queue: RedisQueue
        let http = HTTPClient()

        func call(
            _ method: String, _ path: String, _ body: String = "", token: String? = "right"
        ) async throws -> (status: Int, body: String) {
            var request = HTTPClient.Request(method: method, url: "http://127.0.0.1:\(port)\(path)")
            request.allowsPrivateAddresses = true
            request.body = Array(body.utf8)
            request.headers = [("Content-Type", "application/json")]
            if let token { request.headers.append(("Authorization", "Bearer \(token)")) }
            let answer = try await http.send(request)
            return (answer.status, String(decoding: answer.body, as: UTF8.self))
        }
    }

    private func with(token: Secret? = Secret("right"), _ body: @LoopActor (Fixture) async throws -> Void) async throws
    {
        try await RedisServer.withClient { _, client in
            let queue = RedisQueue(client: client)
            let route = HandoverRoute(
                door: AdminDoor(token: token), queue: queue, businesses: { .of(["b": BusinessSettings()]) },
                log: Log(level: .error))
            let path: StaticString = "/api/v1/businesses/:business/conversations/:contact/handover"
            let routes = Routes(
                [.get(path, route.get), .post(path, route.post), .delete(path, route.delete)],
                health: HealthRoutes(metrics: Metrics()) { nil })
            let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0), handler: routes.handle)
            try server.start()
            defer { server.stop() }
            try await body(Fixture(port: server.port, queue: queue))
        }
    }

    private let path = "/api/v1/businesses/b/conversations/15550001111/handover"

    @Test func `a conversation is taken, told of and given back, and a job writes each into its row`() async throws {
        try await with { api in
            let free = try await api.call("GET", path)
            #expect(free.status == 200 && free.body == #"{"business":"b","contact":"15550001111","status":"bot"}"#)
            let taken = try await api.call("POST", path)
            let open = #"{"business":"b","contact":"15550001111","status":"human","by":"operator","until":null}"#
            #expect(taken.status == 200 && taken.body == open)
            let told = try await api.call("GET", path)
            #expect(told.body == open)
            let brief = try await api.call("POST", path, #"{"minutes":5}"#)
            #expect(brief.body.contains(#""until":"2"#))
            let state = try await api.queue.handover(of: ConversationID("15550001111"), TenantID("b"))
            #expect(state?.left.map { $0 <= .seconds(300) } == true)
            let back = try await api.call("DELETE", path)
            #expect(back.status == 200 && back.body.contains(#""status":"bot""#))
            let after = try await api.queue.handover(of: ConversationID("15550001111"), TenantID("b"))
            #expect(after == nil)
            let jobs = try await api.queue.depths().jobs
            #expect(jobs == [.maintenance: 3])
        }
    }

    @Test func `an address is taken as it is escaped in the path, and a phone in any form`() async throws {
        try await with { api in
            let lid = try await api.call("POST", "/api/v1/businesses/b/conversations/77%40lid/handover")
            #expect(lid.body.contains(#""contact":"77@lid""#))
            let phone = try await api.call("POST", "/api/v1/businesses/b/conversations/%2B15550001111/handover")
            #expect(phone.body.contains(#""contact":"15550001111""#))
        }
    }

    @Test(arguments: [nil, "wrong", "", "righ", "rightt"])
    func `without the right token nothing is done`(token: String?) async throws {
        try await with { api in
            for method in ["GET", "POST", "DELETE"] {
                let answer = try await api.call(method, path, token: token)
                #expect(answer.status == 401 && answer.body == #"{"error":"unauthorized"}"#)
            }
            let state = try await api.queue.handover(of: ConversationID("15550001111"), TenantID("b"))
            #expect(state == nil)
        }
    }

    @Test func `without ADMIN_TOKEN there is nothing at the path`() async throws {
        try await with(token: nil) { api in
            let answer = try await api.call("POST", path)
            #expect(answer.status == 404)
        }
    }

    @Test(arguments: [
        ("/api/v1/businesses/nobody/conversations/15550001111/handover", "", 404),
        ("/api/v1/businesses/b/conversations/a%20b/handover", "", 400),
        ("/api/v1/businesses/b/conversations/1/handover", "[]", 400),
        ("/api/v1/businesses/b/conversations/1/handover", #"{"minutes":0}"#, 400),
        ("/api/v1/businesses/b/conversations/1/handover", #"{"minutes":"5"}"#, 400),
        ("/api/v1/businesses/b/conversations/1/handover", "{", 400),
        ("/api/v1/businesses/b/conversations/1/handover", #"{"minutes":null}"#, 200),
    ])
    func `what is wrong is told`(path: String, body: String, status: Int) async throws {
        try await with { api in
            let answer = try await api.call("POST", path, body)
            #expect(answer.status == status, "\(answer.body)")
        }
    }
}
