//! A partner's access to the household of a linked user.

use crate::error::ApiError;
use crate::household::Household;
use crate::state::AppState;

/// Returns the household of a user who is linked, has consented, and granted this scope.
pub(crate) fn household(state: &AppState, external_user_id: &str, scope: &str) -> Result<Household, ApiError> {
    let link = state
        .links
        .get(external_user_id)
        .ok_or_else(|| ApiError::not_found(format!("User {external_user_id:?} is not linked to this partner.")))?;
    if !link.consented {
        return Err(ApiError::not_found(format!("User {external_user_id:?} has not consented to the link yet.")));
    }
    if !link.scopes.iter().any(|granted| granted == scope) {
        return Err(ApiError::unauthorized(format!("User {external_user_id:?} was linked without the scope {scope}.")));
    }
    Ok(Household::of_partner_user(state.seed, external_user_id))
}
