// Types: sorts of groups and spaces, as the API knows them.

export const GROUP_TYPES = ["association", "charity", "faith", "school", "sports", "arts", "firm", "public_service", "residents", "young_people", "older_people", "informal", "other"] as const;
export const SPACE_TYPES = ["community_centre", "library", "place_of_worship", "school", "cafe", "shop", "park", "garden", "sports", "health", "workplace", "outdoor", "online", "other"] as const;
