import Native

extension Shutdown {
    /// Ends the process when `work` ended because this Redis cannot keep the queue's promises: going on would mean to
    /// accept what may be lost.
    package func endIfUnfit(_ work: Task<Void, any Error>, _ log: Log) {
        LoopActor.loop.spawn {
            guard case .failure(let error) = await work.result, case .rejected(let reason)? = error as? QueueError
            else { return }
            log.error(.configuration, "This Redis is not fit", [.reason: .text(reason)])
            self.request(status: ConfigurationFault.exitStatus)
        }
    }
}
