internal import CUV

/// The memory of one libuv handle, on loan to libuv until its close callback.
///
/// The handle keeps its Swift owner alive for that long, because an event that was already fetched may still
/// arrive after the owner asked for the close. The owner calls `close` exactly once; it frees the memory
/// and lets go of the owner.
@safe struct UVHandle {
    private let memory: UnsafeMutablePointer<uv_any_handle>

    init(ownedBy owner: AnyObject) {
        unsafe memory = .allocate(capacity: 1)
        unsafe self.as(uv_handle_t.self).pointee.data = Unmanaged.passRetained(owner).toOpaque()
    }

    /// The handle by its own type, which must be the same all its life.
    func `as`<Handle>(_ type: Handle.Type) -> UnsafeMutablePointer<Handle> {
        unsafe UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Handle.self)
    }

    /// The owner of the handle that a callback got.
    @LoopActor static func owner<Owner: AnyObject>(
        of handle: UnsafeMutableRawPointer?, as type: Owner.Type = Owner.self
    ) -> Owner {
        let base = unsafe handle!.assumingMemoryBound(to: uv_handle_t.self)
        return unsafe Unmanaged<Owner>.fromOpaque(base.pointee.data!).takeUnretainedValue()
    }

    func close() {
        unsafe uv_close(self.as(uv_handle_t.self)) { handle in
            unsafe Unmanaged<AnyObject>.fromOpaque(handle!.pointee.data!).release()
            unsafe UnsafeMutableRawPointer(handle!).deallocate()
        }
    }
}

/// What libuv says about an error number of its own, for people.
func uvMessage(_ status: Int32) -> String { unsafe String(cString: uv_strerror(status)) }
