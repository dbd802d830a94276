import Foundation
import Native

/// The model test by itself, and the mutants: `make model`, `make mutants`.
///
///     QueueModel run [STEPS [SEED]]      QueueModel mutants [NAME [SEED]]
@main struct Main {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        LoopActor.loop.spawn {
            do { try await work(words) } catch {
                say("\(error)")
                exit(1)
            }
            exit(0)
        }
        LoopActor.loop.run()
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    @LoopActor private static func work(_ words: [String]) async throws {
        switch words.first {
        case "run":
            try await LongRun.run(
                steps: words.count > 1 ? Int(words[1]) ?? 0 : 100_000, seed: words.count > 2 ? UInt64(words[2]) : nil)
        case "mutants":
            try await MutantRun.run(
                only: words.count > 1 ? words[1] : nil, seed: words.count > 2 ? UInt64(words[2]) ?? 1 : 1)
        default: throw Failed(description: "usage: QueueModel run [STEPS [SEED]] | mutants [NAME [SEED]]")
        }
    }
}
