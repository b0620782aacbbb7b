//! A simulated Klarna, written from the facts alone.
