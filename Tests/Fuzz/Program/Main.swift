import CFuzzer
import FuzzTargets
import Glibc
import Native

/// `Fuzz TARGET [libFuzzer's arguments]`: feeds one target until it has run as often as asked, or breaks.
@main enum Main {
    static func main() {
        var words = CommandLine.arguments
        if words.count > 1, FuzzTarget.named(words[1]) != nil { unsafe setenv(variable, words.remove(at: 1), 1) }
        guard words.count > 1, let name = unsafe getenv(variable),
            let target = FuzzTarget.named(unsafe String(cString: name))
        else {
            for target in FuzzTarget.all { print(target.name, target.dictionary, target.maxLength) }
            exit(words.count > 1 ? 64 : 0)
        }
        unsafe Subject.target = target
        let dictionary = words.first { $0.hasPrefix("-dict=") }?.dropFirst("-dict=".count)
        unsafe Subject.words = dictionary.map { Dictionary.words(ofFile: String($0)) } ?? []
        let arguments = words
        LoopActor.loop.spawn { feed(arguments) }
        LoopActor.loop.run()
    }

    /// Names the target to the processes that libFuzzer starts with the arguments it got: for a merge.
    private static let variable = "FUZZ_TARGET"

    /// In one turn of the loop, whose thread everything that is fed belongs to.
    @LoopActor private static func feed(_ words: [String]) {
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
        var count = Int32(words.count)
        unsafe arguments.withUnsafeMutableBufferPointer { arguments in
            var start = arguments.baseAddress
            exit(unsafe LLVMFuzzerRunDriver(&count, &start, runOnce))
        }
    }
}

/// What is fed. Set once, before libFuzzer starts.
enum Subject {
    nonisolated(unsafe) static var target = FuzzTarget.all[0]
    nonisolated(unsafe) static var words: [[UInt8]] = []
}

/// One input. A broken promise ends the process, and libFuzzer keeps the input.
private func runOnce(data: UnsafePointer<UInt8>?, size: Int) -> Int32 {
    let input = unsafe [UInt8](UnsafeBufferPointer(start: data, count: size))
    let run: @LoopActor () -> Void = {
        let target = unsafe Subject.target
        do throws(Violation) { try target.run(input) } catch { fatalError("\(target.name): \(error)") }
    }
    // libFuzzer is called on the loop's thread, and calls back there.
    unsafe withoutActuallyEscaping(run) { unsafe unsafeBitCast($0, to: (() -> Void).self)() }
    return 0
}
