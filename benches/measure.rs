//! Clocks and the numbers made of what they show.

use std::ops::Div;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

/// What some work took, in seconds.
#[derive(Clone, Copy)]
pub struct Cost {
    /// User and system time of all threads of this process.
    pub cpu: f64,
    pub wall: f64,
}

impl Div<f64> for Cost {
    type Output = Cost;

    fn div(self, parts: f64) -> Cost {
        Cost { cpu: self.cpu / parts, wall: self.wall / parts }
    }
}

/// Does the work and tells what it took.
pub fn cost(work: impl FnOnce() -> Result<()>) -> Result<Cost> {
    let (cpu, wall) = (cpu_time(Whose::Process)?, Instant::now());
    work()?;
    Ok(Cost { wall: wall.elapsed().as_secs_f64(), cpu: cpu_time(Whose::Process)? - cpu })
}

/// User and system time of a new process, from its start to its end, in seconds. Its output is thrown away.
pub fn cpu_of(command: &mut Command) -> Result<f64> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let before = cpu_time(Whose::Children)?;
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    // 1 is gm-search's way to say that nothing was found
    ensure!(matches!(status.code(), Some(0 | 1)), "{command:?} failed: {status}");
    Ok(cpu_time(Whose::Children)? - before)
}

enum Whose {
    Process,
    /// All that have ended. Nothing else starts any while one is measured.
    Children,
}

#[cfg(unix)]
fn cpu_time(whose: Whose) -> Result<f64> {
    use nix::sys::resource::{UsageWho, getrusage};

    let usage = getrusage(match whose {
        Whose::Process => UsageWho::RUSAGE_SELF,
        Whose::Children => UsageWho::RUSAGE_CHILDREN,
    })?;
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

/// Not a number, which the table shows as a dash: there is no `getrusage` here.
#[cfg(not(unix))]
fn cpu_time(_: Whose) -> Result<f64> {
    Ok(f64::NAN)
}

/// The value that `share` of the values do not exceed.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// The middle one of an odd number of values.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}
