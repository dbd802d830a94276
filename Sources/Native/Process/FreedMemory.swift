internal import CUV

/// What the C library's allocator does with memory that was freed.
package enum FreedMemory {
    /// Keeps it for the next use: blocks of up to 32 MiB come from the heap, and up to 64 MiB that are free at its end stay.
    /// Call once, at the start, before there is a second thread.
    ///
    /// By itself glibc asks the kernel for every block over a threshold (128 KiB at first, later the largest that was
    /// freed), and gives the heap's end back once twice that is free. The buffers in which simdjson reads a megabyte of
    /// JSON are some of each: every large body then fetched thousands of fresh pages, and all others waited meanwhile.
    /// With both thresholds raised the p99 of healthy webhooks beside ten such bodies a second was 1.09 times that of
    /// webhooks alone, before 2.39 times. The price is memory: after large bodies the API has 38 MB resident, before 23.
    ///
    /// Setting one of them ends glibc's own adjusting of both (mallopt(3), "dynamic mmap threshold"). 32 MiB is the
    /// largest `M_MMAP_THRESHOLD` it takes on 64 bits.
    package static func keep() {
        mallopt(M_TRIM_THRESHOLD, 64 << 20)
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
    }
}
