import CFuzzer
import FuzzTargets

/// What libFuzzer calls to change an input, in place.
@_cdecl("LLVMFuzzerCustomMutator")
public func customMutator(data: UnsafeMutablePointer<UInt8>?, size: Int, limit: Int, seed: UInt32) -> Int {
    guard let data = unsafe data else { return 0 }
    // One in four by libFuzzer's own means: texts that are no JSON.
    if unsafe Subject.target.format == .json, seed & 3 != 0 {
        var mutator = unsafe JSONMutator(seed: seed, words: Subject.words)
        if let changed = unsafe mutator.mutate(UnsafeBufferPointer(start: data, count: size)), changed.count <= limit,
            !changed.isEmpty
        {
            unsafe data.update(from: changed, count: changed.count)
            return changed.count
        }
    }
    return unsafe LLVMFuzzerMutate(data, size, limit)
}
