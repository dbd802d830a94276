import Testing

@testable import CLI

@Suite("Command line")
struct InvocationTests {
    private func up(_ change: (inout UpOptions) -> Void) -> Invocation {
        var options = UpOptions()
        change(&options)
        return .up(options)
    }

    private func chat(_ change: (inout ChatOptions) -> Void) -> Invocation {
        var options = ChatOptions()
        change(&options)
        return .chat(options)
    }

    @Test func `each command is understood, with its options in both forms`() throws {
        #expect(try Invocation([]) == .help(topic: nil))
        #expect(try Invocation(["--help"]) == .help(topic: nil))
        #expect(try Invocation(["help", "up"]) == .help(topic: "up"))
        #expect(try Invocation(["up", "--help"]) == .help(topic: "up"))
        #expect(try Invocation(["--version"]) == .version)
        #expect(try Invocation(["migrate"]) == .migrate(business: nil))
        #expect(try Invocation(["migrate", "--business", "b1"]) == .migrate(business: "b1"))
        #expect(try Invocation(["config"]) == .config(json: false))
        #expect(try Invocation(["config", "--json"]) == .config(json: true))
        #expect(try Invocation(["up"]) == up { _ in })
        let expected = up {
            $0.data = "/d"
            $0.workers = 3
            $0.isVerbose = true
        }
        #expect(try Invocation(["up", "--data", "/d", "--workers=3", "--verbose"]) == expected)
        let asked = chat {
            $0.contact = "15550002222"
            $0.api = "http://a:1"
            $0.once = "a=b --c"
        }
        #expect(
            try Invocation(["chat", "--contact=15550002222", "--api", "http://a:1//", "--once", "a=b --c"]) == asked)
    }

    @Test(arguments: [
        (["bogus"], "unknown command “bogus”"),
        (["--bogus"], "unknown option “--bogus”"),
        (["help", "bogus"], "unknown command “bogus”"),
        (["up", "--bogus"], "unknown option --bogus"),
        (["up", "here"], "unexpected argument “here”"),
        (["up", "--data"], "--data needs a value"),
        (["up", "--data="], "--data needs a value"),
        (["up", "--verbose=1"], "--verbose takes no value"),
        (["up", "--workers", "2", "--workers", "3"], "--workers is given twice"),
        (["up", "--workers", "65"], "--workers must be a whole number from 1 to 64, not “65”"),
        (["chat", "--contact", "+1555"], "--contact is a phone number of 5 to 20 digits, not “+1555”"),
        (["chat", "--api", "localhost"], "--api begins with http:// or https://, not “localhost”"),
        (["migrate", "--force"], "unknown option --force"),
        (["bench-enqueue", "--rate", "5"], "--rate needs --payload: the time of sending stands in the message"),
        (
            ["bench-enqueue", "--payload", "600", "--rate", "5", "--waiting", "500"],
            "--rate and --waiting exclude each other"
        ),
        (
            ["bench-enqueue", "--payload", "10"],
            "--payload is 0 or at least 320, which a message takes without its text"
        ),
        (["bench-claim", "--count", "0"], "--count must be a whole number from 1 to 10000000, not “0”"),
    ])
    func `what is wrong is named`(words: [String], message: String) {
        #expect(throws: UsageError(message)) { try Invocation(words) }
    }

    @Test func `every command has its help`() {
        for command in ["up", "chat", "migrate", "config"] {
            #expect(Help.overview.contains("rejoinder \(command) "))
            #expect(Help.text(topic: command).hasPrefix("rejoinder \(command)"))
        }
    }
}
