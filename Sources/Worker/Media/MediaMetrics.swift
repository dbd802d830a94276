import Native
import Shared

/// Voice messages and pictures.
@LoopActor struct MediaMetrics {
    private let heard, unheard, seen, unseen: Counter

    init(_ metrics: Metrics) {
        func counter(_ family: MediaType.Family, _ outcome: String) -> Counter {
            metrics.counter(.media, [.kind: family.rawValue, .outcome: outcome])
        }
        heard = counter(.audio, "read")
        unheard = counter(.audio, "failed")
        seen = counter(.image, "read")
        unseen = counter(.image, "failed")
    }

    func ended(_ family: MediaType.Family, isRead: Bool) {
        switch family {
        case .audio: (isRead ? heard : unheard).increment()
        case .image: (isRead ? seen : unseen).increment()
        }
    }
}
