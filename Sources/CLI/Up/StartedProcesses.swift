import FoundationEssentials
import Native

/// The processes that a run of `up` started, kept on disk so that the next run can end what a killed one left.
///
/// The kernel is told to end them with `up` (`ParentTie`); this is for those that take their time, and for
/// a kernel that does not.
@LoopActor final class StartedProcesses {
    private struct Entry: Codable {
        let name: String
        let process: ProcessIdentity
        let stopSignal: Int32
    }

    private let path: String
    private var entries: [Entry] = []

    init(path: String) { self.path = path }

    /// Ends what is left of the last run: asks, and after `grace` kills. Returns the names of what it found.
    ///
    /// Only processes that are surely the same are touched: number, start time and the machine's run must agree.
    func endLeftovers(grace: Duration) async throws -> [String] {
        let left = Self.load(path).filter(\.process.isRunning)
        for entry in left { Signal(rawValue: entry.stopSignal).send(to: entry.process.pid) }
        let deadline = MonotonicInstant.now() + grace
        while left.contains(where: \.process.isRunning) {
            if MonotonicInstant.now() > deadline {
                for entry in left where entry.process.isRunning { Signal.kill.send(to: entry.process.pid) }
            }
            try await LoopActor.loop.sleep(for: .milliseconds(50))
        }
        return left.map(\.name)
    }

    /// Keeps in mind that a process runs for a part, in place of the part's last one.
    func add(_ name: String, _ process: ProcessIdentity, stopSignal: Signal) {
        entries.removeAll { $0.name == name }
        entries.append(Entry(name: name, process: process, stopSignal: stopSignal.rawValue))
        save()
    }

    /// All of them have ended.
    func clear() {
        entries = []
        save()
    }

    /// A failure is no reason to stop: the tie to the parent is what counts, this is its second.
    private func save() {
        guard let json = try? JSONEncoder().encode(entries) else { return }
        try? SmallFile.write(String(decoding: json, as: UTF8.self), to: path)
    }

    private static func load(_ path: String) -> [Entry] {
        guard let text = SmallFile.read(path) else { return [] }
        return (try? JSONDecoder().decode([Entry].self, from: Data(text.utf8))) ?? []
    }
}
