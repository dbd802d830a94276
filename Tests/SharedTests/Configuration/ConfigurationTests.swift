import Shared
import Testing

@Suite("Configuration")
struct ConfigurationTests {
    let minimal = ["INTERNAL_SECRET": "s3cret"]

    func problems(_ environment: [String: String], role: Configuration.Role = .api) -> [String] {
        do throws(ConfigurationFault) {
            _ = try Configuration(environment: environment, role: role)
            return []
        } catch {
            return error.problems
        }
    }

    @Test func `defaults are those of the documentation`() throws {
        let configuration = try Configuration(environment: minimal, role: .api)
        #expect(configuration.api.port == 8080)
        #expect(configuration.ai.timeout == .seconds(8))
        #expect(configuration.baileys.timeout == .seconds(15))
        #expect(configuration.queue.attempts == 8)
        #expect(configuration.worker.lanes.map(\.weight) == [8, 4, 2, 2, 1, 1, 1, 1])
        #expect(configuration.twilio.account() == nil)
    }

    @Test func `all faults are found in one pass, each with its name, value and an example`() {
        let found = problems([
            "API_PORT": "lots", "JOB_LEASE_SECONDS": "2", "REDIS_URL": "http://x", "LOG_LEVEL": "loud",
            "WORKER_QUEUES": "high:0,nope", "AUTO_MIGRATE": "maybe",
        ])
        #expect(found.count == 8)
        #expect(found.allSatisfy { $0.contains("example: ") })
        for name in ["INTERNAL_SECRET", "API_PORT", "JOB_LEASE_SECONDS", "REDIS_URL", "LOG_LEVEL", "AUTO_MIGRATE"] {
            #expect(found.contains { $0.hasPrefix(name) }, "\(name)")
        }
    }

    @Test func `an empty value counts as not set`() throws {
        let configuration = try Configuration(
            environment: minimal.merging(["API_PORT": "", "TWILIO_FROM": ""]) { $1 }, role: .api)
        #expect(configuration.api.port == 8080)
    }

    @Test func `a value is read from the file its _FILE variable names`() throws {
        let configuration = try Configuration(
            environment: ["INTERNAL_SECRET_FILE": "/run/secrets/internal"], role: .api,
            readFile: { $0 == "/run/secrets/internal" ? "from-file\n" : nil })
        #expect(configuration.api.internalSecret?.exposed == "from-file")
        #expect(problems(["INTERNAL_SECRET_FILE": "/nowhere"]).contains { $0.hasPrefix("INTERNAL_SECRET_FILE") })
    }

    @Test func `reports show no secret and no password`() throws {
        let configuration = try Configuration(
            environment: [
                "INTERNAL_SECRET": "hunter2", "AI_API_KEY": "hunter2", "REDIS_URL": "redis://u:hunter2@r:1/0",
                "DATABASE_URL": "postgres://u:hunter2@p/db",
            ], role: .worker)
        #expect(!configuration.reports.contains { $0.value?.contains("hunter2") == true })
        #expect(configuration.reports.first { $0.name == "REDIS_URL" }?.value == "redis://u:•••@r:1/0")
    }

    @Test func `Twilio's sender may be given with or without its prefix`() throws {
        for from in ["+15550001", "whatsapp:+15550001"] {
            let environment = ["TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_FROM": from]
            let configuration = try Configuration(environment: environment.merging(minimal) { $1 }, role: .worker)
            #expect(configuration.twilio.account()?.from == "whatsapp:+15550001")
        }
    }

    @Test func `the tool needs no secret of its own`() { #expect(problems([:], role: .tool).isEmpty) }
}
