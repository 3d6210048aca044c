//! raw → Article: recognise, read, repair, identify, write.

pub mod account;
pub mod layouts;
pub mod reading;
pub mod repair;
