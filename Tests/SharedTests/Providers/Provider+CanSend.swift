import Shared

extension Provider {
    func canSend(for business: Business) async -> Bool { await ability(of: business) == .able }
}
