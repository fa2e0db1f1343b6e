//! A global allocator that counts. Only compiled with `count-alloc`; no part of what is published, so it may be
//! `unsafe`, which an allocator has to be.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

struct Counting;

/// Calls of `alloc` and `alloc_zeroed`.
pub static ALLOCS: AtomicU64 = AtomicU64::new(0);
/// Calls of `realloc`.
pub static REALLOCS: AtomicU64 = AtomicU64::new(0);
/// Bytes asked for: whole sizes of new blocks, growth only of resized ones.
pub static BYTES: AtomicU64 = AtomicU64::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCS.fetch_add(1, Relaxed);
        BYTES.fetch_add(layout.size() as u64, Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        ALLOCS.fetch_add(1, Relaxed);
        BYTES.fetch_add(layout.size() as u64, Relaxed);
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        unsafe { System.dealloc(ptr, layout) }
    }
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        REALLOCS.fetch_add(1, Relaxed);
        BYTES.fetch_add(new_size.saturating_sub(layout.size()) as u64, Relaxed);
        unsafe { System.realloc(ptr, layout, new_size) }
    }
}

#[global_allocator]
static GLOBAL: Counting = Counting;

pub fn print() {
    println!("allocs={}", ALLOCS.load(Relaxed));
    println!("reallocs={}", REALLOCS.load(Relaxed));
    println!("bytes={}", BYTES.load(Relaxed));
}
