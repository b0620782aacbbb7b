//! What an interrupt does to long work: the first ends it in good order, the second ends the process, which loses nothing either.

/// The exit code of a process that an interrupt ended.
const INTERRUPTED: i32 = 130;

/// Calls `end` at the first interrupt, and ends the process at the second.
pub fn on_interrupt(end: impl FnOnce() + Send + 'static) {
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                end();
            }
            let _ = tokio::signal::ctrl_c().await;
        });
        std::process::exit(INTERRUPTED);
    });
}
