import Shared
import Testing

@testable import CLI

@Suite("Environment of the parts")
struct ServiceEnvironmentTests {
    private func environment(_ base: [String: String], simulator: Int? = 3300)
        -> ServiceEnvironment
    {
        ServiceEnvironment(
            base: base, redisURL: "redis+unix:///r", databaseURL: "postgres:///d", internalSecret: "s", apiPort: 8081,
            simulatorPort: simulator)
    }

    @Test func `with the simulator every channel and the AI point to it, and the configuration is complete`() throws {
        let variables = environment(["PATH": "/bin"]).variables(metricsPort: 9101)
        let configuration = try Configuration(environment: variables, role: .worker)
        #expect(configuration.baileys.url == "http://127.0.0.1:3300")
        #expect(configuration.twilio.url == "http://127.0.0.1:3300")
        let business = Business(id: "business_1", name: "")
        #expect(configuration.evolution.account(of: business)?.url == "http://127.0.0.1:3300")
        #expect(configuration.waha.account(of: business)?.url == "http://127.0.0.1:3300")
        #expect(configuration.ai.url == "http://127.0.0.1:3300/v1")
        #expect(configuration.api.defaultBusiness == "business_1")
        #expect(configuration.api.port == 8081)
        #expect(configuration.api.internalSecret?.exposed == "s")
        #expect(configuration.monitoring.port == 9101)
        #expect(configuration.outboundAllowHosts == ["127.0.0.1", "localhost"])
        #expect(variables["PATH"] == "/bin")
    }

    /// The API is open to the network.
    @Test func `nobody who does not know the secret can prove a webhook to the simulated channels`() throws {
        let names = ["TWILIO_AUTH_TOKEN", "EVOLUTION_WEBHOOK_SECRET", "WAHA_WEBHOOK_SECRET"]
        let ours = environment([:]).variables(metricsPort: nil)
        var other = environment([:])
        other.internalSecret = "t"
        let theirs = other.variables(metricsPort: nil)
        for name in names { #expect(ours[name]?.count == 32 && ours[name] != theirs[name], "\(name)") }
    }

    @Test func `what the user set stays, a real AI with its own key above all`() {
        let variables = environment([
            "AI_URL": "https://ai.example/v1", "DEFAULT_BUSINESS": "mine", "LOG_FORMAT": "text", "TWILIO_FROM": "",
        ]).variables(metricsPort: nil)
        #expect(variables["AI_URL"] == "https://ai.example/v1")
        // The simulator's key would be sent to a stranger otherwise.
        #expect(variables["AI_API_KEY"] == nil)
        #expect(variables["DEFAULT_BUSINESS"] == "mine")
        #expect(variables["LOG_FORMAT"] == "text")
        #expect(variables["TWILIO_FROM"] == "whatsapp:+15550000000")
        #expect(variables["METRICS_PORT"] == nil)
    }

    @Test func `with real providers nothing is pointed anywhere`() {
        let variables = environment(["BAILEYS_URL": "http://gateway:3300"], simulator: nil).variables(metricsPort: nil)
        #expect(variables["BAILEYS_URL"] == "http://gateway:3300")
        #expect(variables["AI_URL"] == nil && variables["TWILIO_URL"] == nil)
        #expect(variables["REDIS_URL"] == "redis+unix:///r")
    }

    @Test func `messages have a business to go to, but a database that the user brought is left as it is`() {
        let ours = environment(["BAILEYS_URL": "http://gateway:3300"], simulator: nil)
        #expect(ours.makesBusiness && ours.variables(metricsPort: nil)["DEFAULT_BUSINESS"] == "business_1")
        let theirs = environment(["BAILEYS_URL": "http://g", "DATABASE_URL": "postgres://db/x"], simulator: nil)
        #expect(!theirs.makesBusiness && theirs.variables(metricsPort: nil)["DEFAULT_BUSINESS"] == nil)
        let named = environment(
            ["BAILEYS_URL": "http://g", "DATABASE_URL": "postgres://db/x", "DEFAULT_BUSINESS": "shop"], simulator: nil)
        #expect(named.makesBusiness)
    }

    @Test(arguments: [
        ([:], true), (["BAILEYS_URL": ""], true), (["AI_API_KEY": "k"], true),
        (["BAILEYS_URL": "http://g"], false), (["TWILIO_ACCOUNT_SID": "AC"], false), (["META_APP_SECRET": "m"], false),
        (["EVOLUTION_URL": "http://e"], false), (["WAHA_URL": "http://w"], false),
    ])
    func `the simulator runs unless a provider is configured`(variables: [String: String], runs: Bool) {
        #expect(ServiceEnvironment.wantsSimulator(variables) == runs)
    }

    @Test func `a restarted part waits longer each time, until it has run well`() {
        var backoff = RestartBackoff()
        let waits = (0..<8).map { _ in backoff.ended(afterRunning: .seconds(1)) }
        #expect(waits == [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].map { .milliseconds($0) })
        #expect(backoff.ended(afterRunning: .seconds(60)) == .milliseconds(500))
    }

    @Test func `a variable may be in a file`() {
        var lookup = EnvironmentLookup(["A": "x", "B": "", "B_FILE": "/b", "C_FILE": "/none"])
        lookup.readFile = { $0 == "/b" ? "secret\n" : nil }
        #expect(lookup["A"] == "x" && lookup["B"] == "secret" && lookup["C"] == nil && lookup["D"] == nil)
    }
}
