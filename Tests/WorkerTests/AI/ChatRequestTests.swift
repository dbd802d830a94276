import Native
import Shared
import TestSupport
import Testing

@testable import Worker

@Suite("Chat requests", .onLoop)
@LoopActor struct ChatRequestTests {
    private func body(_ change: (inout ChatRequest) -> Void) -> String {
        var request = ChatRequest(model: "m", messages: [ChatMessage(role: .user, text: "Hi")])
        change(&request)
        return String(decoding: request.body, as: UTF8.self)
    }

    @Test func `what is not set is not sent`() {
        #expect(body { _ in } == #"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#)
    }

    @Test func `the token limit has the name that the server knows`() {
        let old = body {
            $0.maxTokens = 9
            $0.temperature = 0.5
        }
        #expect(old == #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.5,"max_tokens":9}"#)
        let new = body {
            $0.maxTokens = 9
            $0.tokensParameter = .maxCompletionTokens
        }
        #expect(new == #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":9}"#)
    }

    @Test func `tools are told with their schema, and not one that servers would refuse the request for`() {
        let stock = Tool(name: "stock", description: "Asks", parameters: #"{"type":"object"}"#, url: "https://a/")
        let text = body { $0.tools = [stock, Tool(name: "time", url: "https://a/"), Tool(name: "no good", url: "x")] }
        #expect(
            text.hasSuffix(
                #","tools":[{"type":"function","function":{"name":"stock","description":"Asks","parameters":"#
                    + #"{"type":"object"}}},{"type":"function","function":{"name":"time","description":"","#
                    + #""parameters":{"type":"object","properties":{}}}}]}"#))
    }
}
