//! What all steps of one run work with.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::PublishOptions;
use super::manifest::Manifest;
use super::publish_state::PublishState;
use super::session::Session;
use super::targets::UpdateMode;
use crate::settings::TargetSettings;

/// One run: a website and the target that is brought up to date with it.
pub(crate) struct Run<'a> {
    /// The folder of the website on this machine.
    pub out: &'a Path,
    pub settings: &'a TargetSettings,
    pub options: &'a PublishOptions,
    pub session: &'a Session<'a>,
    pub state: &'a PublishState,
    pub website: &'a Manifest,
}

impl Run<'_> {
    pub(crate) fn mode(&self) -> UpdateMode {
        self.session.target.mode()
    }

    /// How many files are sent at once.
    pub(crate) fn lanes(&self) -> usize {
        let lanes = self.settings.lanes;
        match self.mode() {
            // The same website gives the same file only in the same order.
            UpdateMode::Whole => 1,
            _ => lanes
                .unwrap_or_else(|| self.session.target.lanes())
                .clamp(1, 64),
        }
    }

    /// Whether a file that is unused since then has waited long enough to be deleted.
    pub(crate) fn is_due(&self, since: u64) -> bool {
        now().saturating_sub(since) >= self.settings.delete_after_days * 24 * 3600
    }

    pub(crate) fn allows_problems(&self) -> bool {
        self.options.allow_problems || self.settings.allow_problems
    }
}

/// In seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
