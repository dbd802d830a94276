import Native

extension Metrics {
    /// What every process tells of itself: time, memory, descriptors, version.
    package func addProcess(version: String) {
        gauge(.processCPU) { ProcessUsage.now().cpuSeconds }
        gauge(.processResident) { Double(ProcessUsage.now().residentBytes) }
        gauge(.processDescriptors) { Double(ProcessUsage.now().openDescriptors) }
        gauge(.buildInfo, [.version: version]) { 1 }
    }
}
