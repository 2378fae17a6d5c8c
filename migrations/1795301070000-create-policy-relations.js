/** The concrete types of FHIR R4 (4.0.1). */
const CLINICAL_TYPES = `
    Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse
    AuditEvent Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement
    CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse
    ClinicalImpression CodeSystem Communication CommunicationRequest CompartmentDefinition
    Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest
    CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest
    DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis
    Encounter Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence
    EvidenceVariable ExampleScenario ExplanationOfBenefit FamilyMemberHistory Flag Goal
    GraphDefinition Group GuidanceResponse HealthcareService ImagingStudy Immunization
    ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice
    Library Linkage List Location Measure MeasureReport Media Medication MedicationAdministration
    MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement MedicinalProduct
    MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication
    MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured
    MedicinalProductPackaged MedicinalProductPharmaceutical MedicinalProductUndesirableEffect
    MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionOrder Observation
    ObservationDefinition OperationDefinition OperationOutcome Organization
    OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation Person
    PlanDefinition Practitioner PractitionerRole Procedure Provenance Questionnaire
    QuestionnaireResponse RelatedPerson RequestGroup ResearchDefinition ResearchElementDefinition
    ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter
    ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition StructureMap Subscription
    Substance SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation
    SubstanceSourceMaterial SubstanceSpecification SupplyDelivery SupplyRequest Task
    TerminologyCapabilities TestReport TestScript ValueSet VerificationResult VisionPrescription`;
const SYSTEM_TABLES = {
    AccessPolicy: 'access_policy',
    Client: 'client',
    IdentityProvider: 'identity_provider',
    Role: 'role',
    TokenIntrospector: 'token_introspector',
    User: 'user',
};
/**
 * What policies written in SQL may read: a view a type of resource, without secrets and earlier versions.
 * Their login has rights on this schema and on nothing else.
 */
export class CreatePolicyRelations1795301070000 {
    name = 'CreatePolicyRelations1795301070000';
    async up(runner) {
        await runner.query('CREATE SCHEMA policy_relations');
        await runner.query('REVOKE ALL ON SCHEMA policy_relations FROM PUBLIC');
        await runner.query(WITH_TARGETS);
        for (const type of CLINICAL_TYPES.trim().split(/\s+/)) {
            await createView(runner, type, 'clinical_resource');
        }
        for (const [type, table] of Object.entries(SYSTEM_TABLES)) {
            await createView(runner, type, table);
        }
        await runner.query(`
      CREATE TABLE policy_login (
        id        smallint NOT NULL,
        role_name text     NOT NULL,
        -- Of a login that can read less than whoever can read this.
        password  text     NOT NULL,
        CONSTRAINT policy_login_pk PRIMARY KEY (id),
        -- With a second row instances could disagree.
        CONSTRAINT policy_login_id_ck CHECK (id = 1)
      )`);
    }
    async down(runner) {
        await runner.query('DROP TABLE policy_login');
        await runner.query('DROP SCHEMA policy_relations CASCADE');
    }
}
/**
 * References with `resourceType` and `id` beside `reference`, as those of the reference product have
 * them. The text of jsonb is canonical: `{"` or `, "` begins a key and nothing else, because quotes
 * within texts are escaped. Of two equal keys the last one counts.
 */
const WITH_TARGETS = String.raw `
  CREATE FUNCTION policy_relations.with_targets(resource jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.regexp_replace(
      resource::text,
      '([{]|, )"reference": "(/?([A-Z][A-Za-z]{0,63})/([A-Za-z0-9.-]{1,64})(/_history/[A-Za-z0-9.-]{1,64})?)"',
      '\1"reference": "\2", "resourceType": "\3", "id": "\4"',
      'g')::jsonb`;
async function createView(runner, type, table) {
    await runner.query(`
    CREATE VIEW policy_relations."${type.toLowerCase()}" AS
      SELECT id,
             version_id AS txid,
             last_updated AS ts,
             created_at AS cts,
             resource_type,
             CASE version_id WHEN 1 THEN 'created' ELSE 'updated' END AS status,
             policy_relations.with_targets(resource) AS resource
        FROM "${table}"
       WHERE resource_type = '${type}'`);
}
