//! What Gatehouse does: profiles, keys, merchants, portal, acts, policy.
