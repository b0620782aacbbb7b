//! The whole bridge over real HTTP on loopback: a simulated Klarna on one side, a provider on the other, browsers in the middle.

mod browser;
mod browsers;
mod button;
mod config;
mod ends;
mod hostile;
mod operations;
mod tokens;
mod world;
