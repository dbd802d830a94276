import Foundation

/// Runs blocking code on a thread of its own while the test waits and the loop goes on: the other side of a
/// conversation that must not know anything of the loop.
package func offLoop<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}
