//! How a program that runs on is told to stop.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC, ctrl_c};

/// The ways in which a program is told to stop: Ctrl-C, and the signal that service managers send.
pub struct Stop {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(windows)]
    interrupt: CtrlC,
}

impl Stop {
    /// From here on, before the first wait, being told no longer ends the process by itself. Wants a runtime around it.
    pub fn listen() -> io::Result<Stop> {
        #[cfg(unix)]
        return Ok(Stop { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? });
        #[cfg(windows)]
        return Ok(Stop { interrupt: ctrl_c()? });
    }

    /// Comes back when the program is told to stop, each time that it is told.
    pub async fn told(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(windows)]
        self.interrupt.recv().await;
    }
}
