import Native

/// A process of its own for tests that are about the whole process: its threads, and the death of a parent.
@main struct Main {
    static func main() {
        ParentTie.becomeTiedCommand()
        switch CommandLine.arguments.dropFirst().first {
        case "threads": LoopActor.loop.spawn { await countThreads() }
        case "timers": LoopActor.loop.spawn { await countTimers() }
        case "children": LoopActor.loop.spawn { try await countDescriptors() }
        case "parent": LoopActor.loop.spawn { try startTiedSleeper() }
        case "memory": LoopActor.loop.spawn { countKeptMemory() }
        default: fatalError("say threads, timers, children, parent or memory")
        }
        LoopActor.loop.run()
    }

    /// Prints the most threads seen while 1,000 tasks with a child each slept, and then stops the loop.
    @LoopActor static func countThreads() async {
        var most = 0
        await withTaskGroup(of: Int.self) { group in
            for index in 0..<1000 {
                group.addTask {
                    async let child: Void? = try? LoopActor.loop.sleep(for: .microseconds(index % 50))
                    try? await LoopActor.loop.sleep(for: .milliseconds(index % 20))
                    await child
                    return ProcessUsage.now().threads
                }
            }
            for await threads in group { most = max(most, threads) }
        }
        print(most)
        LoopActor.loop.stop()
    }

    /// Prints how many timers wait while 10,000 tasks sleep under a deadline each, and after all of them ended.
    @LoopActor static func countTimers() async {
        let loop = LoopActor.loop
        let sleepers = (0..<10_000).map { index in
            loop.spawn {
                try await withDeadline(.seconds(3600)) {
                    try await LoopActor.loop.sleep(for: index % 2 == 0 ? .milliseconds(500) : .seconds(3600))
                }
            }
        }
        while loop.timerCount < 20_000 { await Task.yield() }
        print(loop.timerCount, "before")
        for index in stride(from: 1, to: 10_000, by: 2) { sleepers[index].cancel() }
        for sleeper in sleepers { _ = await sleeper.result }
        print(loop.timerCount, "after")
        loop.stop()
    }

    /// Prints how many descriptors 100 children left open.
    @LoopActor static func countDescriptors() async throws {
        var command = ChildCommand("true")
        command.output = .lines { _ in }
        // The first one opens what libuv keeps.
        _ = try await ChildProcess(command).exit
        let before = ProcessUsage.now().openDescriptors
        for index in 0..<100 {
            command.executable = index % 4 == 0 ? "/no/such/program" : "true"
            _ = try? await ChildProcess(command).exit
        }
        try await LoopActor.loop.sleep(for: .milliseconds(1))
        print(ProcessUsage.now().openDescriptors - before, "more descriptors")
        LoopActor.loop.stop()
    }

    /// Prints how many of 48 MiB that were written and freed are still resident, in MiB.
    @LoopActor static func countKeptMemory() {
        FreedMemory.keep()
        let before = ProcessUsage.now().residentBytes
        var blocks = (0..<3).map { [UInt8](repeating: $0, count: 16 << 20) }
        blocks.removeAll()
        print((ProcessUsage.now().residentBytes - before) >> 20, "MiB")
        LoopActor.loop.stop()
    }

    /// Prints the process id of a child that is tied to this process, and runs on.
    @LoopActor static func startTiedSleeper() throws {
        var command = ChildCommand("sleep", ["600"])
        command.output = .null
        let child = try ChildProcess(ParentTie(signal: .terminate).tie(command))
        StandardStream.output.write("\(child.pid)\n")
    }
}
