"""Every address that answers a GET: a page, which test_every_page.py looks at, or why it is none."""

from __future__ import annotations

NO_PAGE = {
    "healthz": "a word for the supervisor",
    "readyz": "a word for the supervisor",
    "core:manifest": "a file for the browser",
    "core:service_worker": "a file for the browser",
    "core:robots_txt": "a file for search engines",
    "core:security_txt": "a file for who found a fault",
    "account_signup": "404: people are invited",
    "mfa_download_recovery_codes": "a file",
    "mfa_login_webauthn": "JSON for the sign-in page",
    "notifications:live": "what open pages listen to",
    "home:counts": "numbers of the menu, for pages that stand open",
    "photos:rendition": "a picture",
    "posts:with_photo": "the way to a message",
    "photos:status": "a fragment of the composer",
    "posts:document": "a file",
    "conversations:document": "a file",
    "meetings:taken": "what an open page asks",
    "meetings:calendar_file": "a file for a calendar app",
    "agenda:document": "a file",
    "agenda:feed": "a file for a calendar app",
    "help_requests:document": "a file",
    "help_requests:export": "a file",
    "absences:document": "a file",
    "absences:find": "a fragment of the list of the day",
    "absences:letter": "a file",
}
PAGES = set(
    """
    account_change_password account_confirm_email account_confirm_login_code account_email
    account_email_verification_sent account_inactive account_login account_logout account_reauthenticate
    account_request_login_code account_reset_password account_reset_password_done account_reset_password_from_key
    account_reset_password_from_key_done account_set_password
    absences:change absences:day absences:decide absences:export absences:leave absences:leave_request
    absences:leave_requests absences:new_visit absences:own absences:report absences:visit
    accounts:board_invitations accounts:invitation accounts:invitation_by_code accounts:invitation_proof
    accounts:invitations accounts:phone accounts:print accounts:profile accounts:ready accounts:sign_in_help
    accounts:welcome
    agenda:copy_year agenda:import_calendar agenda:on_phone agenda:publish_year agenda:read_calendar agenda:several
    agenda:year
    agenda:add_document agenda:ask agenda:cancel agenda:change_offer agenda:edit agenda:event agenda:new agenda:on_phone
    agreements:copy agreements:edit agreements:page agreements:preview agreements:public agreements:version
    consents:changes consents:child consents:group consents:own consents:paper consents:reasons consents:school
    conversations:ask conversations:close conversations:directory conversations:edit conversations:list
    conversations:moments conversations:new conversations:privately conversations:report conversations:report_messages
    conversations:reports conversations:talk conversations:write
    conversations:to_families
    core:offline cover:away
    help_requests:addresses help_requests:answer help_requests:close help_requests:edit help_requests:list
    help_requests:new help_requests:replies help_requests:request help_requests:responders help_requests:review
    help_requests:to_review
    home:arrange home:more home:news home:older home:search home:team
    home:agenda home:print_agenda home:arrange home:more home:news home:older home:search home:team
    imports:import imports:uploads
    meetings:add_session meetings:change_round meetings:choose meetings:door meetings:families meetings:new_round
    meetings:ask meetings:own meetings:party meetings:place meetings:round meetings:rounds meetings:sheet meetings:slip
    meetings:move_time meetings:plans meetings:publish_plan meetings:whole_plan
    mfa_activate_totp mfa_add_webauthn mfa_authenticate mfa_deactivate_totp mfa_edit_webauthn
    mfa_generate_recovery_codes mfa_index mfa_list_webauthn mfa_reauthenticate mfa_reauthenticate_webauthn
    mfa_remove_webauthn mfa_view_recovery_codes
    notifications:devices notifications:inbox notifications:own_hours notifications:preferences notifications:unreached
    notifications:unsubscribe notifications:week
    people:add_guardian people:add_school people:board people:change_child people:change_enrolment
    people:change_guardian people:change_person people:change_role people:child people:children people:close_group
    people:end_administrator people:end_child people:end_enrolment people:end_guardian people:end_manager
    people:end_person people:end_role people:enrol people:give_role people:group people:groups people:keep_apart
    people:log people:manage people:move people:new_administrator people:new_child people:new_manager
    people:new_person people:person people:persons people:report_absence people:team
    photos:albums photos:alter photos:child_album photos:child_photo photos:group_album photos:group_photo photos:hidden
    photos:one_child
    posts:calamity posts:change_kind posts:compose posts:edit posts:group posts:new posts:overview posts:read
    posts:series posts:withdraw
    school:add_group school:add_holiday school:add_layer school:group school:groups school:holidays school:layer
    school:layers school:lesson_hours school:settings
    usersessions_list
    """.split()  # noqa: SIM905  a hundred names read better without their quotes
)
# Those of PAGES that no link leads to from the first page of a demo account: test_every_page.py goes there by hand.
BY_HAND = set(
    """
    agenda:copy_year agenda:publish_year agenda:read_calendar
    absences:decide absences:leave_request absences:report
    account_change_password account_confirm_email account_confirm_login_code account_email_verification_sent
    account_inactive account_login account_logout account_reauthenticate account_request_login_code
    account_reset_password account_reset_password_done account_reset_password_from_key
    account_reset_password_from_key_done accounts:invitation accounts:invitation_by_code
    accounts:invitation_proof accounts:print accounts:ready accounts:welcome agreements:edit agreements:preview
    agreements:public agreements:version consents:paper consents:reasons conversations:close conversations:edit
    conversations:privately conversations:report_messages core:offline help_requests:edit
    imports:import mfa_authenticate
    mfa_deactivate_totp
    mfa_edit_webauthn mfa_generate_recovery_codes mfa_list_webauthn mfa_reauthenticate
    mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_view_recovery_codes notifications:own_hours
    notifications:unsubscribe people:change_role people:end_role
    people:keep_apart people:log photos:alter posts:change_kind posts:edit posts:withdraw
    absences:export absences:leave_requests agenda:add_document agenda:ask agenda:cancel agenda:change_offer agenda:edit
    agenda:new help_requests:addresses help_requests:new meetings:add_session meetings:change_round meetings:door
    meetings:ask meetings:new_round meetings:place meetings:slip
    meetings:move_time meetings:plans meetings:publish_plan meetings:whole_plan
    """.split()  # noqa: SIM905  as above
)
