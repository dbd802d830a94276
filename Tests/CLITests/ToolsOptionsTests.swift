import Native
import Shared
import TestSupport
import Testing

@testable import CLI

@Suite("The tools command line", .onLoop)
@LoopActor struct ToolsOptionsTests {
    private static let business = ["--business", "b1"]

    private func tools(_ action: ToolsOptions.Action) -> Invocation {
        .operate(.tools(ToolsOptions(action, business: "b1")))
    }

    @Test func `each action names a business, and but for the list a tool`() throws {
        #expect(try Invocation(["tools", "list"] + Self.business) == tools(.list))
        #expect(try Invocation(["tools", "remove", "t"] + Self.business) == tools(.remove("t")))
        #expect(try Invocation(["tools", "enable", "t"] + Self.business) == tools(.enable("t")))
        #expect(try Invocation(["tools", "disable", "t"] + Self.business) == tools(.disable("t")))
        #expect(try Invocation(["tools", "test", "t"] + Self.business) == tools(.test("t", arguments: "{}")))
        var tool = ToolDeclaration(name: "t", url: "https://a/b")
        #expect(try Invocation(["tools", "add", "t", "--url", "https://a/b"] + Self.business) == tools(.add(tool)))
        tool.method = "GET"
        tool.parameters = .text("{}")
        tool.headers = .file("h.json")
        tool.timeoutMS = 100
        let words = ["--method=get", "--parameters={}", "--headers-file", "h.json", "--timeout-ms", "100"]
        #expect(
            try Invocation(["tools", "add", "t", "--url", "https://a/b"] + words + Self.business) == tools(.add(tool)))
        #expect(try Invocation(["tools", "add", "--help"]) == .help(topic: "tools"))
    }

    @Test(arguments: [
        (["tools"], "tools is followed by list, add, remove, enable, disable or test"),
        (["tools", "list"], "tools list needs --business ID"),
        (["tools", "remove", "--business", "b"], "tools remove needs the name of one tool"),
        (["tools", "add", "a b", "--business", "b"], "a tool's name is 1 to 64 letters, digits, _ and -, not “a b”"),
        (["tools", "add", "t", "--business", "b"], "tools add needs --url URL"),
        (
            ["tools", "add", "t", "--business", "b", "--url", "ftp://a"],
            "--url begins with http:// or https://, and has no space"
        ),
        (
            ["tools", "add", "t", "--business", "b", "--url", "http://a", "--method", "HEAD"],
            "--method is one of POST, GET, PUT, PATCH, DELETE"
        ),
        (
            ["tools", "add", "t", "--business", "b", "--url", "http://a", "--headers={}", "--headers-file=f"],
            "either --headers or --headers-file"
        ),
    ])
    func `a wrong line is explained`(words: [String], problem: String) {
        do throws(UsageError) {
            _ = try Invocation(words)
            Issue.record("it was taken")
        } catch {
            #expect("\(error)" == problem)
        }
    }
}
