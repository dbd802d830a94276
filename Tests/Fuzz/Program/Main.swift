import CFuzzer
import FuzzTargets
import Glibc
import Native

/// `Fuzz TARGET [libFuzzer's arguments]`: feeds one target until it has run as often as asked, or breaks.
@main enum Main {
    static func main() {
        var words = CommandLine.arguments
        guard words.count > 1, let target = FuzzTarget.named(words.remove(at: 1)) else {
            for target in FuzzTarget.all { print(target.name, target.dictionary, target.maxLength) }
            exit(words.count > 1 ? 64 : 0)
        }
        unsafe Subject.target = target
        let dictionary = words.first { $0.hasPrefix("-dict=") }?.dropFirst("-dict=".count)
        unsafe Subject.words = dictionary.map { Dictionary.words(ofFile: String($0)) } ?? []
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

/// One input on the loop's thread, as in production. A broken promise ends the process, and libFuzzer keeps the input.
private func runOnce(data: UnsafePointer<UInt8>?, size: Int) -> Int32 {
    let input = unsafe [UInt8](UnsafeBufferPointer(start: data, count: size))
    let target = unsafe Subject.target
    LoopActor.loop.spawn {
        do throws(Violation) { try target.run(input) } catch { fatalError("\(target.name): \(error)") }
        LoopActor.loop.stop()
    }
    LoopActor.loop.run()
    return 0
}
