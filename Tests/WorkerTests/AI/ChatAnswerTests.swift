import Native
import Shared
import TestSupport
import Testing

@testable import Worker

/// Bodies as the servers' own documentation and issues have them, shortened where nothing is read.
@Suite("Chat answers", .onLoop)
@LoopActor struct ChatAnswerTests {
    private func read(_ body: String, status: Int = 200, headers: [(String, String)] = []) async throws -> Result<
        ChatAnswer, ChatFault
    > {
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { _ in
            .json(status: status, body: body, headers: headers)
        }
        try server.start()
        defer { server.stop() }
        let answer = try await HTTPClient().send(
            HTTPClient.Request(url: "http://127.0.0.1:\(server.port)/", allowsPrivateAddresses: true))
        do throws(ChatFault) {
            return .success(try ChatAnswer.read(answer, now: WallTime(milliseconds: 784_111_770_000)))
        } catch {
            return .failure(error)
        }
    }

    private func read(message: String, finish: String = "stop") async throws -> Result<ChatAnswer, ChatFault> {
        try await read(#"{"choices":[{"index":0,"message":\#(message),"finish_reason":"\#(finish)"}]}"#)
    }

    @Test(arguments: [
        // OpenAI
        (#"{"role":"assistant","content":"Hello","refusal":null,"annotations":[]}"#, "Hello"),
        // vLLM with and without a reasoning parser
        (#"{"role":"assistant","content":"Hello","tool_calls":[],"reasoning_content":"they greet me"}"#, "Hello"),
        (#"{"role":"assistant","content":"<think>\nthey greet\n</think>\n\nHello"}"#, "Hello"),
        (#"{"role":"assistant","content":"they greet me</think>Hello"}"#, "Hello"),
        (#"{"role":"assistant","content":"<think>they greet</think>\n<think>I too</think>Hello"}"#, "Hello"),
        // Mistral's models that reason
        (
            #"{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"they greet"}]},"#
                + #"{"type":"text","text":"Hel"},{"type":"text","text":"lo"}]}"#, "Hello"
        ),
        // What is said about a mark is no mark.
        (#"{"role":"assistant","content":"Write </think> after <think>"}"#, "Write </think> after <think>"),
        (#"{"role":"assistant","content":null,"refusal":"I cannot help with that."}"#, "I cannot help with that."),
    ])
    func `the text of an answer is found in every form`(message: String, text: String) async throws {
        #expect(try await read(message: message) == .success(.text(text)))
    }

    @Test func `a text that the token limit cut is an answer`() async throws {
        #expect(try await read(message: #"{"content":"Half an"}"#, finish: "length") == .success(.text("Half an")))
    }

    @Test(arguments: [
        (#"{"content":null}"#, "stop", ChatFault.empty("empty answer")),
        (#"{"content":" \n"}"#, "stop", .empty("empty answer")),
        (#"{"content":null,"reasoning_content":"hm"}"#, "stop", .empty("only reasoning")),
        (#"{"content":"<think>hm"}"#, "stop", .empty("only reasoning")),
        (#"{"content":null,"reasoning":"hm"}"#, "length", .refused("no text within the answer's token limit")),
        (#"{"content":""}"#, "content_filter", .refused("content filter")),
    ])
    func `an answer without a text says why`(message: String, finish: String, fault: ChatFault) async throws {
        #expect(try await read(message: message, finish: finish) == .failure(fault))
    }

    @Test(arguments: [
        // OpenAI and vLLM
        #"{"id":"call_1","type":"function","function":{"name":"stock","arguments":"{\"sku\":\"A\"}"}}"#,
        // Ollama of some versions, and its own API: an object, and no id
        #"{"function":{"index":0,"name":"stock","arguments":{"sku":"A"}}}"#,
    ])
    func `calls of tools are read`(call: String) async throws {
        guard
            case .success(.calls(let turn)) = try await read(
                message: #"{"role":"assistant","content":"","tool_calls":[\#(call),\#(call)]}"#, finish: "stop")
        else {
            Issue.record("no calls")
            return
        }
        #expect(turn.toolCalls.map(\.name) == ["stock", "stock"])
        #expect(turn.toolCalls.map(\.arguments) == [#"{"sku":"A"}"#, #"{"sku":"A"}"#])
        #expect(Set(turn.toolCalls.map(\.id)).count == 2 && turn.content.isEmpty)
    }

    nonisolated static let errors: [(Int, String, ChatFault)] = [
        (
            429, #"{"error":{"message":"…","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#,
            .account("http 429 insufficient_quota")
        ),
        (
            429, #"{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}"#,
            .busy("http 429 rate_limit_exceeded", retryAfter: nil)
        ),
        (
            401, #"{"error":{"type":"invalid_request_error","code":"invalid_api_key"}}"#,
            .account("http 401 invalid_api_key")
        ),
        (402, #"{"error":{"message":"Insufficient credits","code":402}}"#, .account("http 402")),
        (
            403, #"{"error":{"message":"Country not supported","code":"unsupported_country_region_territory"}}"#,
            .account("http 403 unsupported_country_region_territory")
        ),
        (
            403, #"{"error":{"message":"Project has no access","code":"model_not_found"}}"#,
            .refused("http 403 model_not_found")
        ),
        (403, "<html>Forbidden</html>", .refused("http 403")),
        (404, #"{"error":{"type":"NotFoundError","param":null,"code":404}}"#, .refused("http 404 NotFoundError")),
        (404, #"{"error":"model 'llama9' not found"}"#, .refused("http 404")),
        (
            404, #"{"error":{"code":"DeploymentNotFound","message":"…"}}"#, .refused("http 404 DeploymentNotFound")
        ),
        (401, #"{"statusCode":401,"message":"Unauthorized. Access token is missing"}"#, .account("http 401")),
        (
            400, #"{"error":{"message":"filtered","type":null,"param":"prompt","code":"content_filter","status":400}}"#,
            .refused("http 400 content_filter prompt")
        ),
        (
            400,
            #"{"error":{"type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"#,
            .refused("http 400 unsupported_parameter max_tokens")
        ),
        (
            400, #"{"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400}"#,
            .refused("http 400 BadRequestError")
        ),
        (
            400,
            #"{"error":{"message":"Budget has been exceeded!","type":"budget_exceeded","param":null,"code":"400"}}"#,
            .account("http 400 budget_exceeded")
        ),
        (200, #"{"error":{"message":"upstream","code":502}}"#, .broken("http 502", retryAfter: nil)),
        (502, "<html>", .broken("http 502", retryAfter: nil)),
        (200, "no json", .broken("answer is not JSON", retryAfter: nil)),
        (200, #"{"choices":[]}"#, .broken("answer without a choice", retryAfter: nil)),
        // What a server says in its own words is not repeated.
        (400, #"{"error":{"code":"Dana's number is 555"}}"#, .refused("http 400")),
    ]

    @Test(arguments: errors)
    func `an error is sorted by whose fault it is`(status: Int, body: String, fault: ChatFault) async throws {
        #expect(try await read(body, status: status) == .failure(fault))
    }

    @Test(arguments: [
        ("Retry-After", "7", Duration.seconds(7)), ("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT", .seconds(7)),
        ("retry-after-ms", "250", .milliseconds(250)),
    ])
    func `a server's wait is read in every form`(header: String, value: String, wait: Duration) async throws {
        let fault = try await read("{}", status: 503, headers: [(header, value)])
        #expect(fault == .failure(.broken("http 503", retryAfter: wait)))
    }
}
