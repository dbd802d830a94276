import Native
import Shared
import TestSupport
import Testing

extension Chaos {
    @Suite @LoopActor struct CrashingPayload {
        @Test func `a payload that crashes its process ends dead, and everything beside and behind it is answered`()
            async throws
        {
            var options = Installation.Options.chaos(workers: 3, aiLatencyMS: 2000)
            options.environment["LOG_LEVEL"] = "debug"
            if ChaosForm.current == .short { options.environment["JOB_LEASE_SECONDS"] = "3" }
            try await ChaosRun.run("a payload that crashes its process", options, expectedDead: 1) { run in
                let system = run.system
                // Before the culprit is sent: who starts it is killed at once.
                let contact = Senders.contact(conversation: 0, of: 0), culprit = try Self.job(of: contact)
                let crashes = Crashes(of: culprit, random: run.random)
                system.watchWorkers { crashes.heard($0) }
                let conversation = run.send(.init(conversations: 1, messages: 3, span: .milliseconds(100)))
                let bystanders = run.send(.init(conversations: 500, messages: 1, span: .seconds(8)))
                for one in [conversation, bystanders] { try await one.finish() }
                try await poll(within: .seconds(180), "the culprit to be dead") {
                    try system.replaceEndedWorkers()
                    return system.workers.contains { $0.lines.contains { $0.contains(#""job_dead""#) } } ? true : nil
                }
                let dead = try await run.deadJobs()
                #expect(dead == [culprit])
                #expect(crashes.pids.count == 3)
                let quarantined = system.workerLines.count { $0.contains("A job runs in quarantine") } - 1
                return [
                    "\(crashes.pids.count - 1) workers and a quarantine process crashed",
                    "\(quarantined) bystanders went through the quarantine", "\(system.reaped) leases taken over",
                ]
            }
        }

        /// The id of the job that a conversation's first message becomes.
        private static func job(of contact: String) throws -> String {
            let message = InboundMessage(
                tenant: Installation.business, provider: .baileys,
                address: try #require(ContactAddress(rawValue: "\(contact)@s.whatsapp.net")), contactName: nil,
                messageID: Senders.id(of: 0, from: contact), kind: .text, text: nil, sentAt: .now())
            return AnswerJob.job(for: message, traceparent: nil).id.rawValue
        }
    }

    /// Kills each process that starts one job, some time later, as a payload would that crashes it.
    ///
    /// By SIGKILL: Swift's own handler swallows a SIGSEGV that was sent and is no fault of the code.
    @LoopActor private final class Crashes {
        private let job: String
        private(set) var pids: [Int32] = []

        private var random: SplitMix

        init(of job: String, random: SplitMix) {
            self.job = job
            self.random = random
        }

        /// - Parameter line: of a worker's log, or of a quarantine process, which writes into its worker's.
        func heard(_ line: String) {
            guard line.contains(#""job_started""#), line.contains(job),
                let pid = (try? JSON.read(Array(line.utf8)) { $0["pid"]?.int }) ?? nil
            else { return }
            pids.append(Int32(pid))
            // The AI takes longer.
            LoopActor.loop.after(.milliseconds(.random(in: 0..<1200, using: &random))) {
                Signal.kill.send(to: Int32(pid))
            }
        }
    }
}
