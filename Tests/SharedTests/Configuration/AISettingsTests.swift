import Shared
import Testing

@Suite("The AI's settings")
struct AISettingsTests {
    private func server(
        _ environment: [String: String], _ change: (inout BusinessSettings) -> Void = { _ in }
    ) throws -> AIServer {
        var settings = BusinessSettings()
        change(&settings)
        return try Configuration(environment: environment, role: .tool).ai.server(of: settings)
    }

    @Test(arguments: [
        ("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"),
        ("http://litellm:4000", "http://litellm:4000/chat/completions"),
        (
            "https://r.openai.azure.com/openai/deployments/gpt?api-version=2024-10-21",
            "https://r.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21"
        ),
        ("https://a/v1/?x=1#part", "https://a/v1/chat/completions?x=1"),
    ])
    func `a path stands before the query`(url: String, whole: String) throws {
        #expect(try server(["AI_URL": url]).url("/chat/completions") == whole)
    }

    @Test(
        arguments: [
            ("https://api.openai.com/v1", nil, "Authorization: Bearer k"),
            ("https://r.openai.azure.com/openai", nil, "api-key: k"),
            ("https://r.cognitiveservices.azure.com:443/openai", nil, "api-key: k"),
            ("https://openai.azure.com.evil.example/", nil, "Authorization: Bearer k"),
            ("https://proxy.example/", "api-key", "api-key: k"),
            ("https://proxy.example/", "authorization", "authorization: Bearer k"),
        ] as [(String, String?, String)])
    func `the key goes into the header that the server reads`(url: String, header: String?, line: String) throws {
        let server = try server(["AI_URL": url, "AI_API_KEY": "k", "AI_KEY_HEADER": header ?? ""])
        #expect(server.headers.map { "\($0.0): \($0.1)" } == [line])
    }

    @Test func `the operator's key and headers go to the operator's URL only`() throws {
        let environment = [
            "AI_URL": "https://a/v1", "AI_API_KEY": "k", "AI_EXTRA_HEADERS": #"{"X-A":"secret"}"#,
            "OUTBOUND_ALLOW_HOSTS": "ollama",
        ]
        let own = try server(environment) { $0.aiURL = "https://b/v1" }
        #expect(own.headers.isEmpty && !own.mayBePrivate && own.apiKey == nil)
        let same = try server(environment) { $0.aiURL = "https://a/v1/" }
        #expect(same.headers.count == 2 && same.mayBePrivate)
        let key = try server(environment) { $0.aiAPIKey = "own" }
        #expect(key.headers.map(\.1) == ["secret", "Bearer own"])
        let local = try server(environment) { $0.aiURL = "http://ollama:11434/v1" }
        #expect(local.mayBePrivate && local.headers.isEmpty)
        #expect(!"\(same)".contains("secret"))
    }

    @Test func `a log is told neither path nor credentials`() throws {
        #expect(try server(["AI_URL": "https://u:p@a:8443/v1?key=x"]).origin == "https://a:8443")
    }

    @Test func `what no server would take of a business does not count`() throws {
        let ai = try Configuration(environment: ["AI_TEMPERATURE": "0.2", "AI_MAX_TOKENS": "500"], role: .tool).ai
        var settings = BusinessSettings()
        #expect(ai.temperature(of: settings) == 0.2 && ai.maxTokens(of: settings) == 500)
        settings.temperature = 9
        settings.maxTokens = 0
        #expect(ai.temperature(of: settings) == 0.2 && ai.maxTokens(of: settings) == 500)
        settings.temperature = 1.5
        settings.maxTokens = 9
        #expect(ai.temperature(of: settings) == 1.5 && ai.maxTokens(of: settings) == 9)
    }

    @Test(arguments: [
        (
            "AI_TEMPERATURE", "hot",
            "AI_TEMPERATURE=\"hot\" must be a number from 0.0 to 2.0; example: AI_TEMPERATURE=0.0"
        ),
        (
            "AI_TEMPERATURE", "nan",
            "AI_TEMPERATURE=\"nan\" must be a number from 0.0 to 2.0; example: AI_TEMPERATURE=0.0"
        ),
        ("AI_KEY_HEADER", "a b", "AI_KEY_HEADER=\"a b\" is no header's name; example: AI_KEY_HEADER=api-key"),
        (
            "AI_EXTRA_HEADERS", "X: secret",
            "AI_EXTRA_HEADERS must be a JSON object of names and texts; example: "
                + #"AI_EXTRA_HEADERS='{"OpenAI-Organization":"org-1"}'"#
        ),
        (
            "AI_EXTRA_HEADERS", #"{"Host":"secret"}"#,
            "AI_EXTRA_HEADERS holds a header that cannot be sent; example: "
                + #"AI_EXTRA_HEADERS='{"OpenAI-Organization":"org-1"}'"#
        ),
    ])
    func `a wrong value is told with an example`(name: String, value: String, problem: String) {
        do throws(ConfigurationFault) {
            _ = try Configuration(environment: [name: value], role: .tool)
            Issue.record("it was taken")
        } catch {
            #expect(error.problems == [problem])
        }
    }
}
